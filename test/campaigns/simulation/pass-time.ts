import type { SimulatedClock } from './clock.js';
import type { Watch } from './watch.js';

/**
 * Fires timers one by one until it is done; promises have their turn whenever something happened that they may wait
 * for, all of them, before the next timer.
 */
export function passTime(
  time: SimulatedClock,
  { watch, done, stuck }: { watch: () => Watch | undefined; done: () => boolean; stuck: () => void },
): Promise<void> {
  /** @returns whether it is done; false: promises are to have their turn */
  const fire = (): boolean => {
    for (;;) {
      if (done()) return true;
      const present = watch();
      let fired = true;
      const next = (): void => void (fired = time.fireNext());
      if (present === undefined) next();
      else present.outside(next);
      if (!fired) {
        stuck();
        return true;
      }
      if (!time.stirred && present?.stirred !== true) continue;
      time.stirred = false;
      if (present !== undefined) present.stirred = false;
      return false;
    }
  };
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      try {
        if (fire()) resolve();
        else setImmediate(turn);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    setImmediate(turn);
  });
}
