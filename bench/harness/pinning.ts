import { spawnSync } from 'node:child_process';

/** One core for both ends of a round trip: a wake-up across cores costs more than the whole call, and drifts. */
export interface Pinning {
  readonly cpu: number;
  /** What stands before a command; its children inherit the pinning. */
  readonly prefix: readonly string[];
}

/** The last core this process may use: the first one usually serves the interrupts. Null where there is no taskset. */
export function findPinning(): Pinning | null {
  const { stdout, status } = spawnSync('taskset', ['-cp', `${process.pid}`], { encoding: 'utf8' });
  const last = status === 0 ? /(\d+)\s*$/.exec(stdout)?.[1] : undefined;
  if (last === undefined) return null;
  const prefix = ['taskset', '-c', last];
  return spawnSync('taskset', ['-c', last, 'true']).status === 0 ? { cpu: Number(last), prefix } : null;
}
