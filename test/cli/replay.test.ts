import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeTrace } from '../replay/recorded/support/encode-trace.js';
import { historyFile, readHistoryFile } from '../replay/recorded/support/histories.js';
import { Desk } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

const commandLine = new Desk();
afterAll(() => commandLine.remove());

const TRACE = historyFile('crash-breaker-half-open');
const BUILT_MACHINES = fileURLToPath(new URL('../../dist/machines/index.js', import.meta.url));
const { header, records } = await readHistoryFile(TRACE);

interface Wire {
  readonly ok: boolean;
  readonly records: number;
  readonly first: { readonly seq: number; readonly expected: string; readonly guard: { readonly name: string } } | null;
  readonly machines: readonly { readonly replayed: string }[];
  readonly decisions: readonly { readonly decision: string }[];
  readonly actors: readonly { readonly actor: string; readonly state: string }[];
  readonly steps?: readonly { readonly seq: number }[];
}

describe('procvision replay', () => {
  test('of a trace that leads where the machines lead exits 0', async () => {
    const { code, stdout } = await runInside(['replay', TRACE]);
    expect(stdout).toContain(`${records.length} records replayed, every one led where the machines lead`);
    expect(code).toBe(0);
  });

  test('of one with a changed state names the record, expected and got, and exits 1', async () => {
    const { seq } = records.find(({ event, after }) => event === 'call.dispatched' && after === 'Executing') ?? {
      seq: 0,
    };
    const changed = commandLine.path('changed.trace.jsonl');
    writeFileSync(
      changed,
      encodeTrace(
        header,
        records.map((record) => (record.seq === seq ? { ...record, after: 'Stopping' } : record)),
      ),
    );
    const { code, stdout } = await runInside(['replay', changed]);
    expect(code).toBe(1);
    expect(stdout).toContain(`first divergence at record ${seq} `);
    expect(stdout).toMatch(/expected {2}Executing\n {2}got {7}Stopping/);
  });

  test('of one with a changed byte names the block and exits 78', async () => {
    const bytes = readFileSync(TRACE);
    bytes[5_000] = (bytes[5_000] ?? 0) ^ 1;
    writeFileSync(commandLine.path('broken.trace.jsonl'), bytes);
    const { code, stderr } = await runInside(['replay', commandLine.path('broken.trace.jsonl')]);
    expect(code).toBe(78);
    expect(stderr).toMatch(/lock \d+/);
  });

  test('--until prints where every actor stood', async () => {
    const { code, stdout } = await runInside(['replay', TRACE, '--until', '12']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/after record 12\nACTOR +STATE\nrunner +Serving\npackage\/station@1\.0\.0 +Validated/);
  });

  test('--step prints record by record what came, where it led and what was asked for', async () => {
    const { stdout } = await runInside(['replay', TRACE, '--step', '--until', '8']);
    expect(stdout).toContain('runner  xstate.done.actor.recoverStore  Opening → Serving');
    expect(stdout).toContain('starts package/station@1.0.0');
  });

  test('--json gives one value, the steps in it when they are wanted', async () => {
    const { json } = await runInside(['replay', TRACE, '--step', '--until', '8', '--json']);
    const wire = json<Wire>();
    expect(wire).toMatchObject({ ok: true, records: 8, first: null });
    expect(wire.steps).toHaveLength(8);
    expect(wire.actors[0]).toMatchObject({ actor: 'runner', state: 'Serving' });
  });

  test('--machine-version takes the machines of another build: which decisions they change', async () => {
    const other = commandLine.path('machines.mjs');
    const build = JSON.stringify(pathToFileURL(BUILT_MACHINES).href);
    writeFileSync(
      other,
      `import { MACHINES as all, packageMachine as old } from ${build};
       const guards = { restartsNow: () => false };
       export const MACHINES = all.map((one) => (one === old ? old.provide({ guards }) : one));\n`,
    );
    const { code, json } = await commandLine.run(['replay', TRACE, '--machine-version', other, '--json']);
    expect(code).toBe(1);
    expect(json<Wire>().first?.guard.name).toBe('restartsNow');
    expect(json<Wire>().decisions[0]?.decision).toContain('[restartsNow]');
  });

  test('--machine-version refuses a version that is none of this Runner’s', async () => {
    const { code, stderr } = await runInside(['replay', TRACE, '--machine-version', 'ffffffffffff']);
    expect(code).toBe(64);
    expect(stderr).toContain('No machine of this Runner has the version ffffffffffff');
  });

  test('--machine-version takes the version of one of its machines', async () => {
    const { json } = await runInside(['replay', TRACE, '--json']);
    const [version = ''] = json<Wire>().machines.map(({ replayed }) => replayed);
    expect((await runInside(['replay', TRACE, '--machine-version', version])).code).toBe(0);
  });
});

describe('procvision trace export-test', () => {
  const words = ['trace', 'export-test', TRACE, '--actor', 'package/station@1.0.0', '--from', '52', '--to', '75'];

  test('writes a test file that says what the actor went through', async () => {
    const file = commandLine.path('kept', 'station.test.ts');
    const { code, stdout } = await runInside([...words, '--output', file]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('5 records of package/station@1.0.0') as string,
    });
    expect(readFileSync(file, 'utf8')).toContain(`from 'procvision-runner/machines'`);
  });

  test('never writes over a file', async () => {
    const file = commandLine.path('kept', 'station.test.ts');
    const { code, stderr } = await runInside([...words, '--output', file]);
    expect(code).toBe(64);
    expect(stderr).toContain('is there already');
  });

  test('makes no tree of folders for a misspelt path', async () => {
    const { code, stderr } = await runInside([
      ...words,
      '--output',
      commandLine.path('no', 'such', 'folder', 'x.test.ts'),
    ]);
    expect(code).toBe(64);
    expect(stderr).toContain('cannot be made');
  });

  test('names an actor that is not in the trace', async () => {
    const { code, stderr } = await runInside([
      'trace',
      'export-test',
      TRACE,
      '--actor',
      'nobody',
      '--output',
      commandLine.path('x.ts'),
    ]);
    expect(code).toBe(64);
    expect(stderr).toContain('"nobody" is no actor of this trace');
  });
});
