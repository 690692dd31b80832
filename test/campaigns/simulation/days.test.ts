import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { MINIMA } from './day-report.js';
import { FAULT_KINDS } from './fault-kinds.js';
import { MISTAKES } from './plan.js';
import type { Summary } from './summary.js';

const SEEDS = Number(process.env['PROCVISION_SIMULATED_DAYS'] ?? 24);

/** As `npm run simulate` does, without building first. */
async function simulated(...args: string[]): Promise<Summary> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    'dist/test/campaigns/simulation/main.js',
    '--json',
    ...args,
  ]);
  return JSON.parse(stdout) as Summary;
}

describe('days of a simulated site', () => {
  let summary: Summary;
  beforeAll(async () => {
    summary = await simulated('--seeds', `${SEEDS}`);
  }, 120_000);

  test('every invariant holds at every step, every call and every operation is answered, nothing is left', () => {
    expect(summary.failed).toEqual([]);
    expect(summary.seeds).toBe(SEEDS);
  });

  test('each has its calls, its changes of routes and faults that really landed', () => {
    expect(summary.calls).toBeGreaterThanOrEqual(SEEDS * MINIMA.calls);
    expect(summary.faultsLanded).toBeGreaterThanOrEqual(SEEDS * MINIMA.faults);
    const { switch: switches = 0, rollback = 0 } = summary.changes;
    expect(switches + rollback).toBeGreaterThanOrEqual(SEEDS * MINIMA.changes);
  });

  test('every invariant has something to look at', () => {
    expect(summary.invariantsMet).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test('every kind of fault lands, every mistake is made, every outcome occurs', () => {
    expect(Object.keys(summary.faults).sort()).toEqual([...FAULT_KINDS].sort());
    expect(Object.keys(summary.mistakes).sort()).toEqual([...MISTAKES].sort());
    expect(Object.keys(summary.outcomes)).toEqual(['cancelled', 'error', 'lost', 'refused', 'result', 'timed_out']);
  });

  test('hosts lose power and come up again', () => {
    expect(summary.starts).toBeGreaterThan(SEEDS);
  });

  test('a seed lives the same day in another process, alone or among others', async () => {
    const [first, again, both] = await Promise.all([
      simulated('--seeds', '1', '--from', '41'),
      simulated('--seeds', '1', '--from', '41'),
      simulated('--seeds', '2', '--from', '40'),
    ]);
    expect(again.traceHash).toBe(first.traceHash);
    expect(both.lastHash).toBe(first.lastHash);
  }, 60_000);
});
