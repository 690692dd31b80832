import { setTimeout as sleep } from 'node:timers/promises';
import type { Numbers } from './protocol.js';
import type { Side } from './side.js';

export interface Schedule {
  readonly rounds: number;
  /** How often the thing measured is done per side and round. */
  readonly size: number;
  /** The same for the one round before them, which nobody counts; 0: none. */
  readonly warmUp: number;
}

/** Lets the side before finish what it does when nobody waits for it any more: pages, garbage. */
const PAUSE_MS = 10;

/**
 * A B A B …: short rounds, so that both sides see the same machine.
 *
 * @returns per side, in the order given, what each of its rounds measured
 */
export async function alternate(
  sides: readonly Side[],
  { rounds, size, warmUp }: Schedule,
): Promise<readonly Numbers[][]> {
  if (warmUp > 0) for (const side of sides) await side.round(warmUp);
  const results = sides.map((): Numbers[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, side] of sides.entries()) {
      await sleep(PAUSE_MS);
      results[i]?.push(await side.round(size));
    }
  }
  return results;
}

/** One of the numbers of every round. @throws Error when a round lacks it */
export const column = (rounds: readonly Numbers[] | undefined, name: string): number[] =>
  (rounds ?? []).map((round) => {
    const value = round[name];
    if (value === undefined) throw new Error(`a round reports no ${name}`);
    return value;
  });
