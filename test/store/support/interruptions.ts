import type { FileSystem } from '../../../src/store/index.js';
import { newDisk } from './power-loss-disk.js';
import { liveOn } from './power-loss-file-system.js';
import { mulberry } from './random.js';

/** A piece of work on files, and what must hold of them whenever it is interrupted. */
export interface Interruptible {
  readonly before: (fs: FileSystem) => Promise<unknown>;
  readonly work: (fs: FileSystem) => Promise<unknown>;
  /** @param promised whether the work had ended */
  readonly isIntact: (fs: FileSystem, promised: boolean) => Promise<boolean>;
}

const LOSSES = 20;

/** Kills the work at each of its calls, and after it. @returns the calls after which something was not intact */
export function brokenByKills(under: Interruptible): Promise<string[]> {
  return interrupt(under, [undefined]);
}

/** The same with power losses, some at each call. */
export function brokenByPowerLoss(under: Interruptible, seed: number): Promise<string[]> {
  return interrupt(
    under,
    Array.from({ length: LOSSES }, (_, n) => seed + n),
  );
}

async function interrupt(under: Interruptible, seeds: readonly (number | undefined)[]): Promise<string[]> {
  const broken: string[] = [];
  for (const seed of seeds) {
    for (let call = 1, promised = false; !promised; call += 1) {
      const disk = newDisk();
      await under.before(liveOn(disk));
      const life = liveOn(disk);
      life.dieAt(call);
      const end = await Promise.race([life.death, under.work(life).then(() => undefined)]);
      promised = end === undefined;
      if (seed !== undefined) disk.losePower(mulberry(seed + call));
      if (!(await under.isIntact(liveOn(disk), promised))) broken.push(end ?? 'after its end');
    }
  }
  return broken;
}
