import type { Delivery } from '../../../src/testing/model/index.js';
import { end } from './ending.js';
import { live } from './history.js';
import type { History } from './history.js';
import type { Watch } from './watches.js';
import { SimulatedSystem } from './simulated-system.js';

/** Names beside those of the watches: how a history ended, and whether every machine worked at all. */
export const ENDING = 'ending';
export const MACHINERY = 'machinery';

/** @returns what went wrong first, by the name of the watch that saw it, with the history that led there */
export function livedUnder(
  history: History,
  watches: ReadonlyMap<string, Watch>,
  delivered: (delivery: Delivery) => void = () => {},
): ReadonlyMap<string, string> {
  const system = new SimulatedSystem(history, delivered);
  const wrong = new Map<string, string>();
  const blame = (name: string, what: readonly string[]): void => {
    if (what.length > 0 && !wrong.has(name)) wrong.set(name, narrated(system, what));
  };
  const after = (): void => {
    for (const [name, watch] of watches) blame(name, watch.after(system));
  };
  try {
    live(system, history, after);
    blame(ENDING, end(system, history.ending, after));
    if (history.ending !== 'open') for (const [name, watch] of watches) blame(name, watch.atRest(system));
  } catch (error) {
    blame(MACHINERY, reasonsOf(error));
  }
  return wrong;
}

const narrated = ({ history }: SimulatedSystem, what: readonly string[]): string =>
  [...what, 'after', ...history.map((line, i) => `${i + 1}. ${line}`)].join('\n');

/** What was thrown, and what that was thrown for. */
const reasonsOf = (error: unknown): readonly string[] =>
  error instanceof Error ? [error.message, ...reasonsOf(error.cause)] : [];
