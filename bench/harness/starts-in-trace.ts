import { readTrace } from '../../src/api/trace.js';

/** How long starts of a release took, in milliseconds, each by the times at which the Runner itself learned of things. */
export interface Starts {
  /** From the spawn to ready: what precedes it (the order, its record on the disk) does not count. */
  readonly plain: readonly number[];
  /** From the mark set just before the kill to ready again. */
  readonly afterKill: readonly number[];
}

/**
 * Reads the starts of one release from a trace. A kill leaves no event of its own there, so the flow opened right before
 * it is the mark.
 */
export async function startsInTrace(file: string, release: string): Promise<Starts> {
  const plain: number[] = [];
  const afterKill: number[] = [];
  let spawnedUs: number | null = null;
  let markedUs: number | null = null;
  for await (const { actor, event, before, after, atUs } of readTrace(file)) {
    if (event === 'flow.opened') markedUs = atUs;
    if (actor !== `package/${release}`) continue;
    if (isStarting(after) && !isStarting(before)) spawnedUs = atUs;
    if (event !== 'process.ready') continue;
    if (markedUs !== null) afterKill.push((atUs - markedUs) / 1000);
    else if (spawnedUs !== null) plain.push((atUs - spawnedUs) / 1000);
    spawnedUs = markedUs = null;
  }
  return { plain, afterKill };
}

const isStarting = (state: string | null): boolean => state?.endsWith('.Starting') === true;
