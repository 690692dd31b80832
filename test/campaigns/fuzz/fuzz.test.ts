import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PLANTS, readOptions, TARGETS } from './options.js';

/** The built program: its cases run in processes of their own. `npm test` builds first. */
const MAIN = fileURLToPath(new URL('../../../dist/test/campaigns/fuzz/main.js', import.meta.url));
const SEED = Math.floor(Math.random() * 2 ** 31);

interface Report {
  readonly seed: number;
  readonly cases: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly sort: string;
    readonly seed: number;
    readonly what: string;
    readonly again: string;
  }[];
}

const run = (...words: readonly string[]): Promise<{ readonly code: number; readonly report: Report }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, '--json', ...words], { maxBuffer: 2 ** 26 }, (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, report: JSON.parse(stdout) as Report }),
    );
  });

test('a short run tries every target and finds nothing', { timeout: 240_000 }, async () => {
  const { code, report } = await run('--seconds', '4', '--seed', String(SEED));
  expect(report.findings, `seed ${SEED}`).toEqual([]);
  expect(code).toBe(0);
  for (const target of TARGETS) expect(report.cases[target], target).toBeGreaterThan(0);
});

test('a planted crash, hang and residue is each found, with the seed of its case', { timeout: 240_000 }, async () => {
  const plants = PLANTS.flatMap((plant) => ['--plant', plant]);
  const { code, report } = await run('--only', 'manifests', '--cases', '3', '--seed', String(SEED), ...plants);
  expect(code).toBe(1);
  expect(report.findings.map(({ sort }) => sort)).toEqual(PLANTS);
  for (const { seed, again } of report.findings) {
    expect(seed).toBe(SEED + 1);
    expect(again).toBe(`npm run fuzz -- --only manifests --cases 1 --seed ${seed}`);
  }
});

test('nothing is left of a run', { timeout: 240_000 }, async () => {
  const ours = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('procvision-fuzz-'));
  const before = ours();
  await run('--only', 'frames', '--cases', '30', '--seed', String(SEED));
  expect(ours().filter((name) => !before.includes(name))).toEqual([]);
});

test('a wrong option is refused with its name', () => {
  expect(() => readOptions(['--seconds', 'many'])).toThrow(/--seconds wants a whole number .*"many"/);
  expect(() => readOptions(['--only', 'trees'])).toThrow(/trees/);
  expect(() => readOptions(['--plant', 'a tree'])).toThrow(/a tree/);
  expect(() => readOptions(['--loops', '3'])).toThrow(/--loops/);
});
