import type { ChartState, ChartTransition } from '../chart/chart.js';
import { sayDelay } from '../words/words.js';
import type { Known } from '../known.js';

/** `process.ended [restartsNow] ×2`: a transition in one line, for the drawings made of text. */
export function lineOf(one: ChartTransition, { words, visits }: Known): string {
  const delay = one.kind === 'after' ? words.delays?.[one.event.slice('after '.length)] : undefined;
  const guard = one.guard === '' ? (one.otherwise ? ' [otherwise]' : '') : ` [${one.guard}]`;
  return `${one.event}${delay === undefined ? '' : ` (${sayDelay(delay)})`}${guard}${times(visits?.transitions[one.index])}`;
}

/** What a state does, in lines: effects, entry, exit. */
export const doings = ({ effects, entry, exit }: Pick<ChartState, 'effects' | 'entry' | 'exit'>): readonly string[] => [
  ...effects.map(({ id, name }) => `runs ${id === name ? name : `${name} (${id})`}`),
  ...(entry.length === 0 ? [] : [`on entry ${entry.join(', ')}`]),
  ...(exit.length === 0 ? [] : [`on exit ${exit.join(', ')}`]),
];

export const times = (count = 0): string => (count > 0 ? ` ×${count}` : '');

/** Transitions by the pair of states they lead between, in the order of the first of each. */
export function byPair(
  moves: readonly ChartTransition[],
): readonly (readonly [from: string, to: string, ChartTransition[]])[] {
  const pairs = new Map<string, [string, string, ChartTransition[]]>();
  for (const move of moves) {
    const { from, enters } = move;
    if (from === null || enters === null) continue;
    const known = pairs.get(`${from}>${enters}`);
    if (known === undefined) pairs.set(`${from}>${enters}`, [from, enters, [move]]);
    else known[2].push(move);
  }
  return [...pairs.values()];
}

/** It leaves the state it is defined in. */
export const isMove = ({ from, to }: ChartTransition): boolean => from !== null && to !== null && from !== to;

export const ANYWHERE = 'wherever a state says nothing of its own';
