import { cp } from 'node:fs/promises';
import { createRunner } from '../../src/index.js';
import type { Runner, RunnerOptions } from '../../src/index.js';

/** A store with a deployed release that serves a PID. */
export interface Prepared {
  readonly store: string;
  /** `name@version` */
  readonly release: string;
  readonly pid: string;
  /** The interpreter it was deployed with. */
  readonly python: string;
}

export async function prepareStore(store: string, zip: string, python: string, pid: string): Promise<Prepared> {
  const runner = await createRunner({ ...quiet(store, python), trace: false });
  try {
    const { release } = await runner.install(zip, { target: 'Deployed' });
    await runner.activate(release, [pid]);
    return { store, release, pid, python };
  } finally {
    await runner.close();
  }
}

/** Deploys packages into a store, binding nothing. @returns their releases, `name@version`, in the order of the zips */
export async function deployAll(store: string, zips: readonly string[], python: string): Promise<readonly string[]> {
  const runner = await createRunner({ ...quiet(store, python), trace: false });
  try {
    const releases: string[] = [];
    for (const zip of zips) releases.push((await runner.install(zip, { target: 'Deployed' })).release);
    return releases;
  } finally {
    await runner.close();
  }
}

/** The same store once more, at another place. */
export async function copyPrepared(prepared: Prepared, store: string): Promise<Prepared> {
  await cp(prepared.store, store, { recursive: true, verbatimSymlinks: true });
  return { ...prepared, store };
}

/** Opens the store and starts the release. */
export async function openPrepared(
  { store, release, python }: Prepared,
  options: Partial<RunnerOptions> = {},
): Promise<Runner> {
  const runner = await createRunner({ ...quiet(store, python), ...options });
  await runner.start(release);
  return runner;
}

/** A Runner that does nothing in the background but what the benchmark asks for. */
export const quiet = (store: string, python: string): RunnerOptions => ({
  store,
  scanIntervalMs: 0,
  resume: false,
  interpreters: [python],
  actor: 'bench',
});
