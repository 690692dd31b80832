import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';
import { verifyAudit } from '../../../src/store/index.js';
import { processesOf } from '../support/census.js';
import { scratchFolder } from '../support/folders.js';
import { stationZip } from '../support/packages.js';
import { openRunner } from '../support/runners.js';
import { call, station, told } from '../support/station.js';
import { refusalOf } from '../../store/support/refusal.js';
import { eventually } from '../../support/eventually.js';
import { runHost } from './support/child-host.js';
import { PYTHON } from '../../support/python.js';

const [ONE, TWO] = [station(1), station(2)];
const PIDS = ['A01', 'A02'];

const layout = storeLayout(join(scratchFolder(), 'store'));

beforeAll(async () => {
  const runner = await openRunner({ store: layout.root });
  const manifest = { supported_pids: PIDS };
  await runner.install(stationZip({ version: '1.0.0', manifest }));
  await runner.install(stationZip({ version: '2.0.0', manifest }), { target: 'Deployed' });
  await runner.activate(ONE, PIDS);
  await runner.close();
});

/** A host dies by SIGKILL as soon as its switch of both PIDs is at this stage. */
async function killAt(stage: string): Promise<void> {
  const ended = await runHost([layout.root, PYTHON, 'switch', TWO, stage, ...PIDS]);
  expect(ended).toMatchObject({ signal: 'SIGKILL', complaints: '' });
  await eventually(() => expect(processesOf(layout)).toEqual([]));
}

/** Both PIDs are bound to the first release when the Runner closes. */
async function closeWithOne(runner: Runner): Promise<void> {
  for (const { pid, release, onProbation } of runner.list().routes)
    if (release !== ONE) await runner.rollback(pid, { to: ONE });
    else if (onProbation) await runner.confirm([pid]);
  await runner.close();
}

const versionOf = async (runner: Runner, pid: string): Promise<string> => told(await call(runner, pid)).version;
const statesOf = (runner: Runner) =>
  Object.fromEntries(runner.list().releases.map(({ release, state }) => [release, state]));
const routeFile = (pid: string) => JSON.parse(readFileSync(layout.route(pid), 'utf8')) as Record<string, unknown>;
const settled = async (): Promise<void> => {
  expect(readdirSync(layout.operations)).toEqual([]);
  expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true });
};

describe('a host killed with SIGKILL during a probation', () => {
  let runner: Runner;

  beforeAll(async () => {
    await killAt('Probation');
    runner = await openRunner({ store: layout.root });
  });

  test('serves its PIDs again with the new release, without anybody asking', async () => {
    for (const pid of PIDS) expect(await versionOf(runner, pid)).toBe('2.0.0');
    expect(runner.problems).toEqual([]);
    await settled();
  });

  test('has both releases warm again, and the probation goes on', async () => {
    await expect.poll(() => statesOf(runner)).toEqual({ [ONE]: 'Running', [TWO]: 'Running' });
    expect(runner.list().routes).toMatchObject(
      PIDS.map((pid) => ({ pid, release: TWO, previous: ONE, onProbation: true })),
    );
    expect(routeFile('A01')).toMatchObject({ version: '2.0.0', probation: {} });
  });

  test('still returns a PID by itself when the new release fails', async () => {
    for (let i = 0; i < 4; i++) await call(runner, 'A01', 'error ProgramError');
    await expect.poll(() => runner.routeOf('A01')).toBe(ONE);
    expect(await versionOf(runner, 'A01')).toBe('1.0.0');
    const [last] = (await runner.history('A01')).slice(-1);
    expect(last).toMatchObject({ who: 'runner', what: 'rollback', details: { reason: { code: '3025' } } });
  });

  test('lets a person end it', async () => {
    await runner.confirm(['A02']);
    expect(routeFile('A02')).not.toHaveProperty('probation');
    expect(await versionOf(runner, 'A02')).toBe('2.0.0');
    await closeWithOne(runner);
  });
});

describe.each([
  ['Preheating', ONE, 'switch interrupted'],
  ['Committed', TWO, 'switch done'],
])('a host killed with SIGKILL in a switch at %s', (stage, release, told) => {
  let runner: Runner;

  beforeAll(async () => {
    await killAt(stage);
    runner = await openRunner({ store: layout.root });
  });

  test(`serves both PIDs with ${release} again, without anybody asking`, async () => {
    const version = release.split('@')[1];
    for (const pid of PIDS) {
      expect(runner.routeOf(pid)).toBe(release);
      expect(await versionOf(runner, pid)).toBe(version);
      expect(routeFile(pid)).toMatchObject({ version });
    }
    await settled();
  });

  test(`says what became of the switch: ${told}`, async () => {
    const switches = (await runner.history('A02')).filter(({ what }) => what === 'switch');
    expect(switches.map(({ what, outcome }) => `${what} ${outcome}`).at(-1)).toBe(told);
  });

  test('can switch', async () => {
    if (release === TWO) await runner.confirm(PIDS);
    const other = release === ONE ? TWO : ONE;
    expect(await runner.switch(PIDS, other)).toMatchObject({ to: other, errors: 0 });
    await closeWithOne(runner);
  });
});

test('a host killed with SIGKILL while the files are written is on one side or the other, with both PIDs', async () => {
  await killAt('Committing');
  const runner = await openRunner({ store: layout.root });
  const routes = PIDS.map((pid) => runner.routeOf(pid));
  expect(new Set(routes).size).toBe(1);
  for (const pid of PIDS) expect(await versionOf(runner, pid)).toBe(routes[0]?.split('@')[1]);
  await settled();
  await closeWithOne(runner);
});

test('a Runner that is told not to resume starts nothing after a kill, and answers with that at once', async () => {
  await killAt('Probation');
  const runner = await openRunner({ store: layout.root, resume: false });
  expect(runner.list().routes).toMatchObject(PIDS.map((pid) => ({ pid, release: TWO, onProbation: true })));
  expect(await refusalOf(call(runner, 'A01'))).toMatchObject({ code: '3012' });
  expect(processesOf(layout)).toEqual([]);
  expect(statesOf(runner)).not.toMatchObject({ [TWO]: 'Running' });
  await runner.start(TWO);
  expect(await versionOf(runner, 'A01')).toBe('2.0.0');
});
