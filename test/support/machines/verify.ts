import fc from 'fast-check';
import { MACHINES } from '../../../machines/index.js';
import { Coverage } from '../../../src/testing/model/index.js';
import { anyHistory, anySeldomHistory } from './history.js';
import type { History } from './history.js';
import { Lifecycle } from './lifecycle.js';
import { livedUnder } from './lives.js';
import { seed } from './seed.js';
import { WATCHES } from './watches.js';

/** How many histories the suite lives through. */
export const HISTORIES = Number(process.env['PROCVISION_HISTORIES'] ?? 500);
const LENGTH = { minLength: 60, maxLength: 160 };
const RUNS = { numRuns: HISTORIES, seed };
/** The shortest history found by then will do. */
const SHRINKING_MS = 20_000;

/** The very same histories, to be lived through elsewhere. */
export const historiesOfSuite = (count = HISTORIES): readonly History[] => drawn(anyHistory(LENGTH), count);

/** Those in which the seldom is frequent. */
export const seldomHistories = (count: number): readonly History[] => drawn(anySeldomHistory(LENGTH), count);

function drawn(any: fc.Arbitrary<History>, count: number): readonly History[] {
  const histories: History[] = [];
  fc.assert(
    fc.property(any, (history) => void histories.push(history)),
    { ...RUNS, numRuns: count },
  );
  return histories;
}

/** What all histories showed together. */
export interface Findings {
  readonly histories: number;
  /** In how many of them a watch had something to look at. */
  readonly met: ReadonlyMap<string, number>;
  /** By what a watch, the ending or the machinery found wrong: the number of the first history that shows it. */
  readonly wrong: ReadonlyMap<string, number>;
  readonly coverage: Coverage;
  readonly lifecycle: Lifecycle;
}

/** Lives through all histories once, every watch looking on at each of them. */
export function explore(): Findings {
  const coverage = new Coverage(MACHINES);
  const lifecycle = new Lifecycle();
  const met = new Map<string, number>();
  const wrong = new Map<string, number>();
  let histories = 0;
  const look = (history: History): void => {
    const watches = new Map(Object.entries(WATCHES).map(([name, watch]) => [name, watch()]));
    const found = livedUnder(history, watches, (delivery) => {
      coverage.add(delivery.step);
      lifecycle.see(delivery);
    });
    for (const name of found.keys()) if (!wrong.has(name)) wrong.set(name, histories);
    histories += 1;
    for (const [name, watch] of watches) if (watch.met) met.set(name, (met.get(name) ?? 0) + 1);
  };
  fc.assert(fc.property(anyHistory(LENGTH), look), RUNS);
  return { histories, met, wrong, coverage, lifecycle };
}

/**
 * Shortens the history with this number as long as one watch, the ending or the machinery finds something wrong in it.
 *
 * @throws with what is left of it, in words
 */
export function shrink(name: string, number: number): void {
  const property = fc.property(anyHistory(LENGTH), (history) => {
    const watch = WATCHES[name];
    const what = livedUnder(history, new Map(watch === undefined ? [] : [[name, watch()]])).get(name);
    if (what !== undefined) throw new Error(what);
  });
  fc.assert(property, { ...RUNS, path: `${number}`, interruptAfterTimeLimit: SHRINKING_MS });
}
