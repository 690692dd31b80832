import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasInvisible, visibleText } from '../../machines/visible-text.js';
import { openReleaseLog } from '../../src/effects/index.js';
import { openAudit, storeLayout } from '../../src/store/index.js';
import { openRecorder } from '../../src/trace/index.js';
import { zipBytes } from '../package/support/zip-bytes.js';
import { Desk } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

/** What algorithms, packages and callers wrote, and what a person gets to read of it. */
const commandLine = new Desk();
afterAll(() => commandLine.remove());

/** Colour, a screen wiped, a line of its own, a direction turned round, a separator, a tag, half a character. */
const WORDS =
  'x\u001b[31m\u001b[2J\r\nerror: forged\u202egnp\u2066\u200b\u2028{"level":"error"}\u009b1m\u{e0041}\ud800';
const LONG = 'y'.repeat(1024 * 1024);
const PID = `A\u202e1\u2028B`;
const RELEASE = 'hostile@1.0.0';

beforeAll(async () => {
  const fault = { code: '3010', name: 'algorithm_error', message: `${WORDS}${LONG}`, hint: WORDS };
  const entry = {
    ...{ name: 'hostile', version: '1.0.0', state: 'Invalid', wanted: 'stopped', supported_pids: [PID, WORDS] },
    ...{ reason: fault, created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
    ...{ sha256: 'a'.repeat(64), zip: 'hostile.zip' },
  };
  writeFileSync(
    commandLine.path('registry.json'),
    JSON.stringify({ store_format: 1, releases: [entry], forgotten: [] }),
  );
  const log = openReleaseLog(commandLine.path('logs', 'algorithms', 'hostile', '1.0.0', 'algorithm.jsonl'), RELEASE);
  log.relay(
    { level: 'info', source: 'algorithm', message: WORDS, fields: { [WORDS]: WORDS }, noted: {} },
    { pid: PID },
  );
  log.relay({ level: 'info', source: 'algorithm', message: LONG, fields: {}, noted: {} }, { pid: PID });
  log.close();
  const audit = await openAudit(storeLayout(commandLine.folder));
  const details = { pids: [PID], routes: [{ pid: PID, from: null, to: WORDS }], release: RELEASE, message: WORDS };
  await audit.append({ who: WORDS, what: 'route.activated', subject: PID, outcome: WORDS, details });
  writeTrace(fault);
});

function writeTrace(fault: object): void {
  const recorder = openRecorder({ folder: commandLine.path('logs', 'traces'), runnerVersion: WORDS, machines: {} });
  const route = { a: `route/${PID}`, m: 'route' };
  const begin = recorder.kind({ ...route, e: 'xstate.init', b: null, f: 'Unbound', d: ['input'] });
  recorder.record(begin, `,${JSON.stringify({ pid: PID, stored: null })}`);
  const odd = recorder.kind({ ...route, e: `call.${WORDS}`, b: 'Unbound', f: 'Unbound', d: ['fault', WORDS] });
  recorder.record(odd, `,${JSON.stringify(fault)},${JSON.stringify({ [WORDS]: LONG })}`);
  recorder.close();
}

const COMMANDS: readonly (readonly string[])[] = [
  ['ls'],
  ['logs'],
  ['logs', RELEASE, '--pid', PID],
  ['history', PID],
  ['audit', 'verify'],
  ['audit', 'show'],
  ['status'],
  ['settings', 'show', '--release', WORDS],
  ['trace', 'incidents'],
  ['support', 'bundle', '--out', commandLine.path(WORDS)],
  ['doctor'],
  ['trace', 'ls'],
  ...['compact', 'timeline', 'full'].map((format) => ['trace', 'show', '--format', format]),
  ['trace', 'follow', '--tail', '5'],
  ['trace', 'why', PID],
  ['trace', 'next', PID],
  ['trace', 'why', WORDS],
  ['trace', 'stats'],
  ['trace', 'show', WORDS],
  ['replay', 'latest'],
  ['diagram', 'route', '--trace', 'latest', '--actor', `route/${PID}`],
  ['diagram', WORDS],
  ['validate', WORDS],
  ['detect', '--pid', PID, '--image', WORDS],
  [WORDS],
];

const TITLED = COMMANDS.map((words) => [visibleText(words.join(' ')), words] as const);

describe('words of others', () => {
  it.each(TITLED)('are seen and never obeyed by a person who runs %s', async (_title, words) => {
    const { stdout, stderr } = await runInside([...words, '--store', commandLine.folder]);
    for (const line of `${stdout}\n${stderr}`.split('\n')) {
      expect(hasInvisible(line), visibleText(line)).toBe(false);
      expect(line.startsWith('error: forged')).toBe(false);
      expect(line.length).toBeLessThan(20_000);
    }
  });

  it.each(TITLED)('are the same to a program that runs %s', async (_title, words) => {
    const { stdout } = await runInside([...words, '--json', '--store', commandLine.folder]);
    expect(hasInvisible(stdout.replaceAll('\n', ''))).toBe(false);
    // What follows a trace writes a record a line.
    const texts = words[1] === 'follow' ? stdout.split('\n').filter((line) => line !== '') : [stdout];
    for (const text of texts) expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it('reach a program unchanged', async () => {
    const { json } = await runInside(['logs', '--json', '--store', commandLine.folder]);
    const [first] = json<{ message: string; pid: string; fields: object }[]>();
    expect(first).toMatchObject({ message: WORDS, pid: PID });
  });

  it('are not painted by colours of their own, beside ours that are', async () => {
    const { stdout } = await runInside(['ls', '--store', commandLine.folder], { FORCE_COLOR: '1' });
    expect(stdout).toContain('\u001b[31mInvalid\u001b[39m');
    expect(stdout).toContain('x\\u001b[31m\\u001b[2J');
    expect(stdout).not.toContain('\u001b[2J');
  });

  it('that are very long are cut with a note', async () => {
    const { stdout } = await runInside(['logs', '--store', commandLine.folder]);
    expect(stdout).toMatch(/y… \(1048\d{3} characters\)/);
  });

  it('of a zip are told by validation, its names included', async () => {
    const zip = commandLine.path('odd.zip');
    const manifest = JSON.stringify({ name: WORDS, version: WORDS, supported_pids: [WORDS, LONG] });
    const entries = [
      { name: `${WORDS}/a.txt`, data: 'x' },
      { name: 'manifest.json', data: manifest },
    ];
    writeFileSync(zip, zipBytes(entries));
    const { stdout, stderr } = await runInside(['validate', zip, '--store', commandLine.folder]);
    for (const line of `${stdout}\n${stderr}`.split('\n')) expect(hasInvisible(line), visibleText(line)).toBe(false);
  });

  it('of a wish to copy stay one word for a shell', async () => {
    const { stderr } = await runInside(['history', 'A\u001bB', '--store', commandLine.folder]);
    expect(stderr).toContain('A\\u001bB');
  });
});

describe('a test that is written from a trace', () => {
  it('holds nothing of it as code', async () => {
    const breaking = '*/ globalThis.broken = true; /*';
    const folder = commandLine.path('breaking');
    mkdirSync(folder);
    const recorder = openRecorder({
      folder: commandLine.path('breaking', 'logs', 'traces'),
      runnerVersion: '1',
      machines: {},
    });
    const kind = { a: `route/${breaking}`, m: 'route', e: 'xstate.init', b: null, f: 'Unbound', d: ['input'] };
    recorder.record(
      recorder.kind(kind),
      `,${JSON.stringify({ pid: breaking, stored: null, ['__proto__']: { a: 1 } })}`,
    );
    recorder.close();
    const output = commandLine.path('breaking', 'it.test.ts');
    const words = ['trace', 'export-test', 'latest', '--actor', `route/${breaking}`, '--output', output];
    expect((await runInside([...words, '--store', folder])).code).toBe(0);
    const text = readFileSync(output, 'utf8');
    expect(text.slice(0, text.indexOf('const stepper')).match(/\*\//g)).toHaveLength(1);
    expect(text).not.toMatch(/[^[]'?__proto__'?:/);
  });
});
