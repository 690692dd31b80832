import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { scratchFolder } from '../runner/support/folders.js';
import { rogueZip } from '../runner/support/packages.js';
import { IMAGE, openRunner } from '../runner/support/runners.js';
import { eventually } from '../support/eventually.js';
import { runInside } from './support/run-inside.js';

/** Troubles somebody made, and what the commands say of them. */
const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const run = (...words: string[]) => runInside([...words, '--store', store]);

beforeAll(async () => {
  const runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.activate('good@1.0.0', ['A01']);
  await runner.detect({ pid: 'A01', image: IMAGE });
  await runner.close();
});

it('a process that somebody else killed is told at warn, and that it was not the Runner', async () => {
  const runner = await openRunner({ store });
  const spawned = async () =>
    (await run('trace', 'show', runner.traceFile ?? '', '--event', 'os.spawned', '--json')).json<
      { data: { osPid: number } }[]
    >();
  await eventually(() => expect(runner.list().releases[0]?.state).toBe('Running'));
  await eventually(async () => expect((await spawned()).length).toBeGreaterThan(0));
  const before = (await spawned()).length;
  process.kill((await spawned()).at(-1)?.data.osPid ?? 0, 'SIGKILL');
  await eventually(async () => expect((await spawned()).length).toBe(before + 1));
  await runner.close();
  const { stdout } = await run('logs', '--level', 'warn');
  expect(stdout).toMatch(
    / warn +runner +good@1\.0\.0 .* The process was ended by SIGKILL\. The Runner did not send it\.$/m,
  );
});

it('a route that cannot be read leads to what it was bound to', async () => {
  writeFileSync(layout.route('A01'), 'garbage');
  const { code, stderr, stdout } = await run('status');
  expect(code).toBe(1);
  expect(stdout).toMatch(/ A01: 3018 active\/A01\.json cannot be understood/);
  expect(stdout).toContain('; start the host again');
  const { amiss } = (await run('status', '--json')).json<{ amiss: { subject: string; next: string[] }[] }>();
  expect(amiss.find(({ subject }) => subject === 'A01')?.next).toEqual(['history', 'A01']);
  expect((await run('history', 'A01')).stdout).toContain('good@1.0.0');
  expect(stderr).toContain('next: ');
});

it('a trace whose newest file was damaged is a warning of doctor', async () => {
  const newest = join(layout.traces, readdirSync(layout.traces).sort().at(-1) ?? '');
  writeFileSync(newest, readFileSync(newest, 'latin1').replace('"e":"xstate.init"', '"e":"xstate.inXt"'), 'latin1');
  const { checks } = (await run('doctor', '--json')).json<{
    checks: { name: string; result: string; message: string }[];
  }>();
  expect(checks.find(({ name }) => name === 'trace')).toMatchObject({
    result: 'warning',
    message: expect.stringContaining('does not match its checksum') as string,
  });
});
