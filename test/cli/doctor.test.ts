import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { appears } from './support/appears.js';
import { Desk, EXAMPLES } from './support/command-line.js';
import type { Running } from './support/command-line.js';
import { runInside } from './support/run-inside.js';
import { openSlowLine, packageSlow } from './support/slow-line.js';

/** What doctor says of a store whose Runner was killed, before and after the next start puts it in order. */
const commandLine = new Desk();
const store = commandLine.path('runtime_store');
const layout = storeLayout(store);
const HOLD = commandLine.path('hold');
const ONE = 'slow@1.0.0';
const TWO = 'slow@2.0.0';
const THREE = 'slow@3.0.0';

interface Diagnosis {
  readonly ok: boolean;
  readonly isolation: string;
  readonly checks: readonly { readonly name: string; readonly result: string; readonly message: string }[];
  readonly runner: { readonly os_pid: number; readonly life: string } | null;
  readonly operations: readonly object[];
  readonly last_recovery: {
    readonly operations: readonly object[];
    readonly isolation: string;
    readonly segments_reclaimed: number;
  } | null;
  readonly faulted: { readonly releases: readonly object[]; readonly routes: readonly object[] };
  readonly aside: readonly { readonly name: string; readonly size_bytes: number }[];
  readonly segments: { readonly folder: string; readonly segments: number; readonly bytes: number };
}

beforeAll(() => openSlowLine(commandLine, [{ version: '1.0.0' }, { version: '2.0.0', hold: HOLD }]));
afterAll(() => commandLine.remove());

const inside = (...words: string[]) => runInside([...words, '--store', store]);
const diagnose = async (): Promise<Diagnosis> => (await inside('doctor', '--json')).json<Diagnosis>();
const said = ({ checks }: Diagnosis, named: string) => checks.filter(({ name }) => name === named);
/** Any command that works with a Runner puts the store in order first. */
const startAgain = async (): Promise<void> => expect((await inside('prune')).code).toBe(0);

/** Begins a command that comes to `get_info` and stays there. */
async function heldAt(words: readonly string[]): Promise<Running> {
  writeFileSync(HOLD, '');
  rmSync(`${HOLD}.waits`, { force: true });
  const command = commandLine.begin(words);
  await appears(`${HOLD}.waits`);
  return command;
}

async function kill({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL');
  await ended;
  rmSync(HOLD, { force: true });
}

describe('a Runner killed in the middle of a switch', () => {
  let command: Running;

  it('is named with what it does, as long as it lives', async () => {
    command = await heldAt(['switch', TWO, '--pid', 'P1', 'P2']);
    const diagnosis = await diagnose();
    expect(diagnosis).toMatchObject({ ok: true, runner: { os_pid: command.child.pid, life: 'live' } });
    expect(diagnosis.operations).toMatchObject([
      { what: 'switch', who: 'cli', stage: 'begun', details: { release: TWO, from: { P1: ONE, P2: ONE } } },
    ]);
    expect(said(diagnosis, 'operation')).toMatchObject([
      {
        result: 'passed',
        message: expect.stringMatching(/^switch of P1,P2 to slow@2\.0\.0 by cli, begun \S+, is under way$/),
      },
    ]);
  });

  it('leaves the operation that was under way to be read, and reading it changes nothing', async () => {
    await kill(command);
    const before = snapshot(store);
    const { code, stdout, stderr } = await inside('doctor');
    expect(snapshot(store)).toEqual(before);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^passed +runner +no Runner works on the store$/m);
    expect(stdout).toMatch(
      /^warning +operation +switch of P1,P2 to slow@2\.0\.0 by cli, begun \S+, was under way when the Runner died; nothing was decided\.$/m,
    );
    expect(stderr).toContain('hint: operation: The next start undoes what is half done.');
  });

  it('is followed by a start that undoes it, which is told from then on', async () => {
    await startAgain();
    const diagnosis = await diagnose();
    expect(diagnosis).toMatchObject({ operations: [], faulted: { releases: [], routes: [] } });
    expect(diagnosis.last_recovery?.operations).toMatchObject([
      { what: 'switch', subject: 'P1,P2', outcome: 'undone' },
    ]);
    expect(said(diagnosis, 'recovered')).toMatchObject([
      { result: 'passed', message: 'switch of P1,P2 by cli: undone' },
    ]);
    const [last] = (await inside('history', 'P1', '--json')).json<object[]>().slice(-1);
    expect(last).toMatchObject({ what: 'switch', outcome: 'interrupted', from: ONE, to: TWO });
  });
});

describe('a Runner killed in the middle of an installation', () => {
  it('leaves its operation to be read, then undone', async () => {
    const zip = await packageSlow(commandLine, { version: '3.0.0', hold: HOLD });
    await kill(await heldAt(['install', zip]));
    expect((await diagnose()).operations).toMatchObject([{ what: 'install', subject: THREE, stage: 'begun' }]);
    await startAgain();
    const { operations, last_recovery } = await diagnose();
    expect(operations).toEqual([]);
    expect(last_recovery?.operations).toMatchObject([{ what: 'install', subject: THREE, outcome: 'undone' }]);
  });
});

describe('a Runner killed while an image is inspected', () => {
  it('leaves shared memory behind, which the next start reclaims', async () => {
    const image = join(EXAMPLES, 'images', 'screw-check', 'control-board-01.jpg');
    const command = commandLine.begin(['detect', '--pid', 'P1', '--image', image]);
    await appears(join(layout.deployment('slow', '1.0.0'), 'running'));
    await kill(command);

    const { segments, ...left } = await diagnose();
    expect(segments.segments).toBeGreaterThan(0);
    expect(segments.bytes).toBeGreaterThan(1920 * 1200 * 3);
    expect(readdirSync(segments.folder)).toHaveLength(segments.segments);
    expect(said({ segments, ...left }, 'segments')).toMatchObject([
      { result: 'warning', message: expect.stringContaining('left behind by a dead Runner') },
    ]);

    await startAgain();
    const reclaimed = await diagnose();
    expect(reclaimed.segments).toMatchObject({ segments: 0, bytes: 0 });
    const { isolation } = reclaimed;
    expect(reclaimed.last_recovery).toMatchObject({ isolation, segments_reclaimed: segments.segments });
  });
});

describe('files a person damaged', () => {
  it('degrade the product id and the release they concern, each by name', async () => {
    writeFileSync(layout.route('P2'), '{ half');
    rmSync(layout.deployment('slow', '2.0.0'), { recursive: true });
    const diagnosis = await diagnose();
    expect(diagnosis.ok).toBe(true);
    expect(diagnosis.faulted).toMatchObject({
      releases: expect.arrayContaining([
        expect.objectContaining({ release: TWO, fault: expect.objectContaining({ name: 'store_corrupt' }) }),
      ]),
      routes: [{ pid: 'P2', release: null, fault: { name: 'store_corrupt' } }],
    });
    expect(said(diagnosis, 'route P2')).toMatchObject([{ result: 'warning' }]);
    expect(said(diagnosis, `release ${TWO}`)).toMatchObject([{ result: 'warning' }]);
  });

  it('are kept aside before they are replaced, and listed', async () => {
    expect((await inside('activate', ONE, '--pid', 'P2')).code).toBe(0);
    const diagnosis = await diagnose();
    const { aside, faulted } = diagnosis;
    expect(aside).toMatchObject([{ name: expect.stringMatching(/^active-P2\.json\.[0-9a-f]{12}$/), size_bytes: 6 }]);
    expect(faulted.routes).toEqual([]);
    expect(said(diagnosis, 'set aside')).toMatchObject([
      { result: 'warning', message: expect.stringMatching(/^1 file that could not be used: active-P2/) },
    ]);
  });
});

/** Every file with size and time of change. */
const snapshot = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => {
      const { size, mtimeMs } = statSync(join(folder, path), { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
      return `${path} ${size} ${mtimeMs}`;
    })
    .sort();
