import {
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { blockEnd } from '../../src/trace/file-writer.js';
import { writeBigTrace } from '../trace/support/big-trace.js';
import { Desk } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

const commandLine = new Desk();
afterAll(() => commandLine.remove());

/** Of everything that says store_corrupt. */
const EXIT_CORRUPT = 78;
const ACTOR = 'package/screw-check@1.0.0';
let sound = '';
let count = 0;

beforeAll(async () => {
  sound = storeLayout(commandLine.path('sound')).traces;
  await writeBigTrace(sound, 18_000, 8 * 1024);
  count = readdirSync(sound).length;
});

/** A store whose only run was damaged. @param part of which file, from 1 */
function damaged(name: string, damage: (path: (part: number) => string) => void) {
  const store = commandLine.path(name);
  const { traces } = storeLayout(store);
  cpSync(sound, traces, { recursive: true });
  const files = readdirSync(traces).sort();
  damage((part) =>
    join(traces, files[part - 1] ?? `${(files[0] ?? '').split('.')[0]}.${String(part).padStart(4, '0')}.trace.jsonl`),
  );
  let exported = 0;
  const commands: Readonly<Record<string, readonly string[]>> = {
    why: ['trace', 'why', 'screw-check@1.0.0'],
    next: ['trace', 'next', 'screw-check@1.0.0'],
    stats: ['trace', 'stats'],
    show: ['trace', 'show', '--all'],
    tail: ['trace', 'show', '--tail', '50000'],
    ls: ['trace', 'ls'],
    replay: ['replay', 'latest'],
    follow: ['trace', 'follow', '--tail', '50000'],
    export: [
      'trace',
      'export-test',
      'latest',
      '--actor',
      ACTOR,
      '--output',
      commandLine.path(`${name}-${exported++}.test.ts`),
    ],
  };
  const run = (command: string, ...more: string[]) =>
    runInside([...(commands[command] ?? []), ...more], { PROCVISION_STORE: store });
  return { run, traces, files };
}

const READING = ['why', 'next', 'stats', 'show', 'tail', 'export'];

describe('a file that is no trace', () => {
  it.each([
    ['empty', '', /is empty\./],
    ['garbage', 'no trace\nat all\n', /Line 1 of .+, block 1, is not JSON/],
    ['of one long line', 'x'.repeat(100_000), /Line 1 of .+, block 1, is not the header/],
    ['of a newer format', '{"trace":9,"more":1}\n', /is of format 9, which is newer/],
  ])('which is %s is named by every command, with a way on', async (name, content, words) => {
    const { run, files } = damaged(`no-trace-${name}`, (path) => writeFileSync(path(count), content));
    for (const command of [...READING, 'replay', 'follow']) {
      const { code, stderr } = await run(command);
      expect(`${command}: ${stderr}`).toMatch(words);
      expect(stderr).toContain('3018');
      expect(stderr).toContain(files.at(-1));
      expect(stderr).toMatch(/out of the folder of traces|newer one/);
      expect(code).toBe(EXIT_CORRUPT);
    }
    expect((await run('ls')).stdout).toMatch(words);
  });

  it('once it is moved away, the others are read and what it held is told as missing', async () => {
    const { run } = damaged('moved', (path) => rmSync(path(4)));
    expect((await run('ls')).stdout).toContain('part 4 was removed');
  });
});

describe('a hole in the middle of a run', () => {
  const cuts: readonly (readonly [string, (path: (part: number) => string) => void, RegExp])[] = [
    ['a file that was removed', (path) => rmSync(path(4)), /part 4 was removed/],
    ['a file that was cut off', (path) => truncateSync(path(4), 5_000), /part 4 was cut off/],
    [
      'a link',
      (path) => (renameSync(path(4), `${path(4)}.old`), symlinkSync(`${path(4)}.old`, path(4))),
      /part 4 is a symbolic link/,
    ],
  ];

  it.each(cuts)('%s: every command answers with what is sound, and tells the hole', async (name, cut, words) => {
    const { run } = damaged(`hole-${name}`, cut);
    for (const command of ['show', 'tail', 'ls']) {
      const { code, stdout } = await run(command, ...(command === 'ls' ? [] : ['--event', 'trace.gap']));
      expect(`${command}: ${stdout}`).toMatch(words);
      expect(code).toBe(0);
    }
    expect((await run('show', '--event', 'trace.gap', '--json')).json()).toEqual(
      (await run('tail', '--event', 'trace.gap', '--json')).json(),
    );
    expect((await run('stats')).stderr).toMatch(/\d+ records are missing/);
    expect((await run('stats', '--json')).json<{ missing: number }>().missing).toBeGreaterThan(10);
    const refused = await run('export');
    expect(refused.stderr).toMatch(/Records \d+ to \d+ are missing among those.*\n.*--to \d+.*--from \d+/);
    // All that led to where it is came after the hole.
    expect((await run('why', '--json')).json()).toMatchObject({ state: 'Running.Stopping', gap: null });
    expect((await run('next', '--json')).json()).toMatchObject({ gap: null });
  });

  it('right before the newest file is told by whoever follows that', async () => {
    const { run } = damaged('followed', (path) => rmSync(path(count - 1)));
    expect((await run('follow')).stdout).toContain('was removed');
  });

  it('is passed over by a replay, which says so', async () => {
    const { run } = damaged('replayed', (path) => (rmSync(path(1)), rmSync(path(4))));
    const { stdout, stderr, code } = await run('replay');
    expect(stdout + stderr).toMatch(/records before #\d+ are missing/);
    expect(code).toBe(1);
    const told = (await run('replay', '--json')).json<{ gaps: { before_seq: number }[] }>();
    expect(told).toMatchObject({ ok: false, complete: false });
    expect(told.gaps.length).toBeGreaterThan(0);
  });

  it('what became of an actor that is not heard of after the hole is told as hidden by it', async () => {
    const { run } = damaged('hides', (path) => {
      rmSync(path(count));
      rmSync(path(count - 1));
      const [header = ''] = readFileSync(path(1), 'utf8').split('\n');
      const late = { ...(JSON.parse(header) as object), part: count + 1, first_seq: 50_000 };
      const line = Buffer.from(`${JSON.stringify(late)}\n`);
      writeFileSync(path(count + 1), Buffer.concat([line, Buffer.from(blockEnd(crc32(line), line.length))]));
    });
    expect((await run('next', '--json')).json()).toMatchObject({ gap: { hides: 'present' } });
    expect((await run('why', '--json')).json()).toMatchObject({ gap: { hides: 'present' } });
    expect((await run('next')).stdout).toContain('was last');
  });
});

describe('a file that is not what its name says', () => {
  it('a copy of another part is named as one', async () => {
    const { run } = damaged('copy', (path) => copyFileSync(path(2), path(count + 1)));
    for (const command of READING) {
      const { stderr, code } = await run(command);
      expect(`${command}: ${stderr}`).toMatch(/is not what its name says: it holds part 2 of its run again/);
      expect(code).toBe(EXIT_CORRUPT);
    }
    expect((await run('ls')).stdout).toContain('part 2 of its run again');
  });
});

describe('what is no ordinary file among the traces', () => {
  it('is named where it is all there is, asked for, or listed', async () => {
    const { run, files } = damaged('links', (path) => {
      for (let part = 2; part <= count; part++) rmSync(path(part));
      renameSync(path(1), commandLine.path('elsewhere'));
      symlinkSync(commandLine.path('elsewhere'), path(1));
    });
    for (const command of ['why', 'show', 'stats', 'replay', 'follow'])
      expect((await run(command)).stderr).toContain(`${files[0] ?? ''} is no ordinary file`);
    expect((await run('ls')).stderr).toContain(files[0]);
  });
});
