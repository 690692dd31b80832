import { expect, test } from 'vitest';
import { PLANTS, readOptions } from './options.js';
import { soak } from './soak.js';

const SEED = Math.floor(Math.random() * 2 ** 31);
const run = (...args: readonly string[]) => {
  const told: string[] = [];
  const options = readOptions(['--seed', String(SEED), ...args]);
  return soak(options, new AbortController().signal, (text) => told.push(text));
};

const FIXED = [
  ...['calls', 'results', 'errors', 'timed_out', 'lost', 'duplicated', 'unaccounted', 'unrouted', 'switches'],
  ...['rollbacks', 'aborted', 'kills', 'kills_in_flight', 'switches_in_flight', 'switch_downtime_ms_max'],
  ...['switch_errors', 'orphans', 'segments_leaked'],
];

test('a short campaign is green and its report begins with the names of the issue', { timeout: 240_000 }, async () => {
  const { report, verdict } = await run('--switches', '4', '--kills', '2');
  expect(verdict.findings, `seed ${SEED}`).toEqual(
    Object.fromEntries(Object.keys(verdict.findings).map((name) => [name, []])),
  );
  expect(report['failures'], `seed ${SEED}`).toEqual([]);
  expect(Object.keys(report).slice(0, FIXED.length)).toEqual(FIXED);
  expect(report).toMatchObject({ seed: SEED, orphans: 0, segments_leaked: 0 });
  expect(report['switches']).toBeGreaterThanOrEqual(4);
  expect(report['kills']).toBeGreaterThanOrEqual(2);
});

test(
  'a planted double reply, lost call, leaked segment and orphan is each reported',
  { timeout: 240_000 },
  async () => {
    const plants = PLANTS.flatMap((plant) => ['--plant', plant]);
    const { report, verdict } = await run('--switches', '0', '--seconds', '1', '--kills', '0', ...plants);
    expect(report).toMatchObject({ duplicated: 1, unaccounted: 1, segments_leaked: 1, orphans: 1, unrouted: 0 });
    expect(verdict.findings.segments_leaked[0]).toContain('raw-99.npy');
    expect(verdict.findings.orphans[0]).toContain('sleep');
    expect(report['failures']).toEqual(['unaccounted: 1', 'duplicated: 1', 'orphans: 1', 'segments_leaked: 1']);
  },
);

test('a wrong option is refused with its name', () => {
  expect(() => readOptions(['--switches', 'many'])).toThrow(/--switches wants a whole number .*"many"/);
  expect(() => readOptions(['--plant', 'a tree'])).toThrow(/a tree/);
  expect(() => readOptions(['--loops', '3'])).toThrow(/--loops/);
});
