import { join } from 'node:path';
import type { Pinning } from '../harness/pinning.js';
import type { SideSpec } from '../harness/side.js';
import type { NumpyPython, Python } from '../packages/interpreters.js';

/**
 * Flags every Node process of every side is started with, ours and the floors' alike. None: what is measured is what a
 * host gets that sets none. docs/performance.md says what a larger young generation would do.
 */
export const NODE_FLAGS: readonly string[] = [];

/** What every experiment works with. */
export interface Workbench {
  /** A folder that is removed at the end. */
  readonly scratch: string;
  /** A copy of the SDK's wheel: a build going on meanwhile replaces the original. */
  readonly sdkWheel: string;
  readonly python: Python;
  readonly numpy: NumpyPython | null;
  readonly pinning: Pinning | null;
  readonly nodeFlags: readonly string[];
  readonly quick: boolean;
  /** Rounds asked for on the command line; each experiment has its own number otherwise. */
  readonly rounds: number | null;
  /** Aborted when the benchmark is interrupted. */
  readonly signal: AbortSignal;
  say(stage: string): void;
}

/** A side of this workbench. @param pinned whether it shares one core with everything it starts */
export const sideOf = (bench: Workbench, program: string, options: object, pinned = false): SideSpec => ({
  program,
  options,
  prefix: pinned ? (bench.pinning?.prefix ?? []) : [],
  nodeFlags: bench.nodeFlags,
  signal: bench.signal,
});

export const roundsOf = (bench: Workbench, usual: number, quick: number): number =>
  bench.rounds ?? (bench.quick ? quick : usual);

export const scratchFolder = (bench: Workbench, name: string): string => join(bench.scratch, name);
