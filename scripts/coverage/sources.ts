import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MACHINES } from '../../machines/index.js';
import { replay } from '../../src/api/trace.js';
import { Coverage } from '../../src/testing/index.js';

/** How often each transition was taken, by its name. */
export type Counts = Readonly<Record<string, number>>;

/** The build lies in dist/scripts/coverage. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HISTORIES = join(ROOT, 'test', 'replay', 'recorded', 'histories');
/** The tests of the machines, with every transition they take noted. */
export const TESTS_CONFIG = join(ROOT, 'test', 'machines', 'coverage', 'vitest.config.ts');

export const historyFiles = (): readonly string[] => readdirSync(HISTORIES).map((name) => join(HISTORIES, name));

/** Runs the tests of the machines. @throws when one fails */
export async function countsOfTests(): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'procvision-coverage-'));
  try {
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    await promisify(execFile)(process.execPath, [vitest, 'run', '--config', TESTS_CONFIG, '--reporter', 'dot'], {
      cwd: ROOT,
      env: { ...process.env, PROCVISION_COVERAGE: folder },
      maxBuffer: 64 * 1024 * 1024,
    }).catch(({ stdout }: { readonly stdout?: string }) => {
      throw new Error(`the tests of the machines fail:\n${stdout ?? ''}`);
    });
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    return files.reduce<Counts>((sum, file) => added(sum, JSON.parse(file) as Counts), {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function countsOfTraces(files: readonly string[]): Promise<Counts> {
  const coverage = new Coverage(MACHINES);
  for (const file of files) await replay(file, { onStep: (step) => coverage.add(step) });
  return Object.fromEntries(coverage.counts);
}

/** Names of transitions, wherever the report of `npm run verify` lists them as `taken`. */
export async function countsOfExploration(file: string): Promise<Counts> {
  const taken: string[] = [];
  const text = await readFile(file, 'utf8');
  // npm says first what it runs.
  JSON.parse(text.slice(text.indexOf('{')), (key, value: unknown) => {
    if (key === 'taken' && Array.isArray(value)) taken.push(...value.map(String));
    return value;
  });
  if (taken.length === 0)
    throw new Error(`${file} lists no transitions as taken: write it with npm run verify -- --json`);
  return Object.fromEntries(taken.map((name) => [name, 1]));
}

const added = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]),
  );
