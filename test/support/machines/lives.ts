import type { Delivery } from '../../../src/testing/model/index.js';
import { end } from './ending.js';
import { live } from './history.js';
import type { History } from './history.js';
import type { Watch } from './watches.js';
import { World } from './world.js';

/** Names beside those of the watches: how a history ended, and whether every machine worked at all. */
export const ENDING = 'ending';
export const MACHINERY = 'machinery';

/** @returns what went wrong first, by the name of the watch that saw it, with the history that led there */
export function livedUnder(
  history: History,
  watches: ReadonlyMap<string, Watch>,
  delivered: (delivery: Delivery) => void = () => {},
): ReadonlyMap<string, string> {
  const world = new World(history, delivered);
  const wrong = new Map<string, string>();
  const blame = (name: string, what: readonly string[]): void => {
    if (what.length > 0 && !wrong.has(name)) wrong.set(name, narrated(world, what));
  };
  const after = (): void => {
    for (const [name, watch] of watches) blame(name, watch.after(world));
  };
  try {
    live(world, history, after);
    blame(ENDING, end(world, history.ending, after));
    if (history.ending !== 'open') for (const [name, watch] of watches) blame(name, watch.atRest(world));
  } catch (error) {
    blame(MACHINERY, reasonsOf(error));
  }
  return wrong;
}

const narrated = ({ history }: World, what: readonly string[]): string =>
  [...what, 'after', ...history.map((line, i) => `${i + 1}. ${line}`)].join('\n');

/** What was thrown, and what that was thrown for. */
const reasonsOf = (error: unknown): readonly string[] =>
  error instanceof Error ? [error.message, ...reasonsOf(error.cause)] : [];
