import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { ChangeReport, ChangeStep, Runner } from '../../src/index.js';
import { nodeFileSystem } from '../../src/store/index.js';
import { eventually } from '../support/eventually.js';
import { algorithmOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, CRASH_AT_ONCE, spoil, station, told } from './support/station.js';
import { of, traceOnce } from './support/trace.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const [ONE, TWO] = [station(1), station(2)];
const ROUTE = layout.route('A01');
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({
    store: layout.root,
    retries: 0,
    probation: { durationMs: 60_000, errorsMax: 0 },
    restart: { immediateRestarts: 1, breakerLosses: 1000, backoffMs: 20 },
    timings: { rollbackRetryMs: 150 },
  });
  await runner.install(stationZip({ version: '1.0.0' }));
  await runner.install(stationZip({ version: '2.0.0' }), { target: 'Deployed' });
  await runner.activate(ONE, ['A01']);
});

let mend = (): void => undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  mend();
  mend = () => undefined;
  expect(runner.routeOf('A01')).toBe(ONE);
  expect(JSON.parse(readFileSync(ROUTE, 'utf8'))).toMatchObject({ version: '1.0.0' });
  expect(told(await call(runner, 'A01')).version).toBe('1.0.0');
  // With a clean slate for the next one, whatever became of it.
  await eventually(() => expect(stateOf(TWO)).toBe('Stopped'));
  await runner.start(TWO);
  await runner.stop(TWO);
});

const stateOf = (release: string) => runner.list().releases.find((one) => one.release === release)?.state;
const stages = ({ timeline }: ChangeReport): string[] => timeline.map(({ stage }) => stage);
const { rename } = nodeFileSystem;

/** On probation with the new release; resolves to the report once the PID serves for good, wherever. */
async function onProbation(): Promise<{ ended: Promise<ChangeReport> }> {
  let begun = (): void => undefined;
  const beginning = new Promise<void>((resolve) => (begun = resolve));
  const onProgress = ({ stage }: ChangeStep): void => void (stage === 'Probation' && begun());
  const ended = runner.switch(['A01'], TWO, { until: 'confirmed', onProgress });
  await Promise.race([beginning, ended]);
  return { ended };
}

describe('a PID returns by itself', () => {
  test('although the disk refuses it at first: it is tried again until it can be written', async () => {
    const { ended } = await onProbation();
    let refusals = 0;
    vi.spyOn(nodeFileSystem, 'rename').mockImplementation((from, to) => {
      if (to !== ROUTE || refusals >= 2) return rename.call(nodeFileSystem, from, to);
      refusals += 1;
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
    });
    await call(runner, 'A01', 'error ProgramError');
    const report = await ended;
    expect(report).toMatchObject({ outcome: 'rolled_back', reason: { code: '3025' }, downtimeMs: 0 });
    expect(stages(report).filter((stage) => stage === 'RollingBack')).toHaveLength(3);
  });

  test('although the release before has just lost its process: it is waited for', async () => {
    const { ended } = await onProbation();
    const osPid = algorithmOf(layout, ONE);
    process.kill(osPid, 'SIGKILL');
    await call(runner, 'A01', 'error ProgramError');
    expect(await ended).toMatchObject({ outcome: 'rolled_back', reason: { code: '3025' } });
    expect(told(await call(runner, 'A01', 'OK', { retries: 2 })).os_pid).not.toBe(osPid);
  });

  test('when the release falls for good while its commit is being written', async () => {
    vi.spyOn(nodeFileSystem, 'rename').mockImplementation(async (from, to) => {
      if (to === ROUTE && stateOf(TWO) === 'Running') {
        mend = spoil(layout, TWO, CRASH_AT_ONCE);
        process.kill(algorithmOf(layout, TWO), 'SIGKILL');
        await eventually(() => expect(stateOf(TWO)).toBe('Stopped'));
      }
      return rename.call(nodeFileSystem, from, to);
    });
    const report = await runner.switch(['A01'], TWO, { until: 'confirmed' });
    expect(report).toMatchObject({ outcome: 'rolled_back', reason: { code: '3006' } });
    expect(stages(report)).toContain('RollingBack');
  });
});

describe('a PID whose two releases both fail', () => {
  test('stays bound to the new one, faulted by name, and returns as soon as the old one can be started', async () => {
    const { ended } = await onProbation();
    const restoreOld = spoil(layout, ONE, CRASH_AT_ONCE);
    process.kill(algorithmOf(layout, ONE), 'SIGKILL');
    await eventually(() => expect(stateOf(ONE)).toBe('Stopped'));
    mend = spoil(layout, TWO, CRASH_AT_ONCE);
    process.kill(algorithmOf(layout, TWO), 'SIGKILL');
    const view = () => runner.list().routes[0];
    await eventually(() => expect(view()).toMatchObject({ release: TWO, fault: { code: '3006' } }));
    await traceOnce(runner, (all) => of(all, 'runner').filter(({ event }) => event === 'rollback.wanted').length > 4);
    expect(view()).toMatchObject({ release: TWO, onProbation: true });
    restoreOld();
    expect(await ended).toMatchObject({ outcome: 'rolled_back', reason: { code: '3025' } });
  });
});
