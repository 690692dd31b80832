import type { Chance } from './mutate.js';

/** What is fuzzed: one case after the other, each with a folder of its own that is removed behind it. */
export interface Target {
  /**
   * Tries one case. Whatever is thrown is a finding: what a case is refused with has to be caught, and judged, here.
   *
   * @param folder empty
   */
  readonly attempt: (chance: Chance, folder: string) => Promise<void> | void;
  /** The seconds of processor time a case may take are more where a case is many steps. */
  readonly cpuMs?: number;
}

/** Refusals are what is wanted: anything else that is thrown goes on. */
export async function refusable(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RunnerError') throw error;
  }
}
