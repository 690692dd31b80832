import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { CallResult, Runner } from '../../src/index.js';
import { algorithmOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { failed } from './support/station.js';
import { of, traceOnce, walk } from './support/trace.js';

const MIB = 1 << 20;
const layout = storeLayout(join(scratchFolder(), 'store'));
const LEAKS = 'leaks@1.0.0';
const PROCESS = `package/${LEAKS}/process/1`;
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({
    store: layout.root,
    retries: 0,
    timings: { watchMs: 60 },
    memory: { replaceBytes: 60 * MIB, killBytes: 140 * MIB },
  });
  const params = ['leak_mb', 'hold_ms'].map((key) => ({ key, type: 'int', default: 0 }));
  const manifest = { supported_pids: ['L01'], steps: [{ index: 1, name: 'look', params }] };
  await runner.install(rogueZip({ name: 'leaks', manifest }, 'leaks'));
  await runner.activate(LEAKS, ['L01']);
});

function leak(mebibytes: number, holdMs: number): Promise<CallResult> {
  const flow = runner.openFlow({ pid: 'L01' });
  return flow.execute(1, { params: { leak_mb: mebibytes, hold_ms: holdMs } }).finally(() => flow.close());
}

/** Why the process that was lost last had to go, as the trace has it. */
const causeIn = (records: Parameters<typeof of>[0]) =>
  of(records, `package/${LEAKS}`).findLast(({ event, data }) => event === 'process.ended' && data['fault'] !== null)
    ?.data['fault'];
const cause = async () => causeIn(await traceOnce(runner, (records) => causeIn(records) !== undefined));

describe('a process that takes more memory than it may', () => {
  test('is looked at regularly: CPU time and resident memory are in the trace', async () => {
    const samples = (records: Parameters<typeof of>[0]) =>
      of(records, PROCESS).filter(({ event }) => event === 'resources.sampled');
    // The first looks may see the tools in front of Python.
    const usual = (records: Parameters<typeof of>[0]) =>
      samples(records).find(({ data }) => Number(data['residentBytes']) > MIB);
    const sample = usual(await traceOnce(runner, (records) => usual(records) !== undefined));
    expect(sample?.data).toMatchObject({ cpuPercent: expect.any(Number) as number, callId: 0 });
    expect(sample?.data['residentBytes']).toBeLessThan(60 * MIB);
  });

  test('within its limits stays', async () => {
    const osPid = algorithmOf(layout, LEAKS);
    expect(await leak(4, 150)).toMatchObject({ status: 'OK' });
    expect(await leak(0, 0)).toMatchObject({ status: 'OK' });
    expect(algorithmOf(layout, LEAKS)).toBe(osPid);
  });

  test('is replaced once its call is done, and no call is lost', async () => {
    const osPid = algorithmOf(layout, LEAKS);
    expect(await leak(70, 1000)).toMatchObject({ status: 'OK' });
    expect(await leak(0, 0)).toMatchObject({ status: 'OK', data: { hoard_mb: 0 } });
    expect(algorithmOf(layout, LEAKS)).not.toBe(osPid);
    expect(await cause()).toMatchObject({ code: '3023', name: 'memory_exceeded' });
    const states = walk(await traceOnce(runner, () => true), PROCESS);
    expect(states).toContain('Executing.Outgrown');
    expect(states[states.indexOf('Executing.Outgrown') + 1]).toBe('Stopping');
  });

  test('is replaced at rest too, when that is where it is seen', async () => {
    const osPid = algorithmOf(layout, LEAKS);
    expect(await leak(70, 0)).toMatchObject({ status: 'OK' });
    await expect.poll(() => processNow()).not.toBe(osPid);
    expect(await leak(0, 0)).toMatchObject({ status: 'OK' });
  });

  test('is killed in its call above the hard limit, which is told as the cause', async () => {
    const sinceMs = performance.now();
    const result = failed(await leak(150, 9000));
    expect(performance.now() - sinceMs).toBeLessThan(8000);
    expect(result).toMatchObject({ outcome: 'lost', fault: { code: '3023', name: 'memory_exceeded' } });
    expect(result.fault.details).toMatchObject({ kill_bytes: 140 * MIB, replace_bytes: 60 * MIB });
    expect(result.fault.details?.['resident_bytes']).toBeGreaterThan(140 * MIB);
    const dies = ({ event, after }: { event: string; after: string }): boolean =>
      event === 'resources.sampled' && after === 'Killing';
    await traceOnce(runner, (all) => of(all, PROCESS).some(dies));
    expect(await leak(0, 0)).toMatchObject({ status: 'OK', data: { hoard_mb: 0 } });
  });
});

/** Null while there is none, or an old and a new one. */
function processNow(): number | null {
  try {
    return algorithmOf(layout, LEAKS);
  } catch {
    return null;
  }
}
