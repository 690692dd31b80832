import type { IntList } from './state-table.js';

/**
 * States from which no rest can be reached (architecture, invariant 13): backwards from the resting ones along every
 * move.
 *
 * @param edges pairs of states, from and to
 * @returns their numbers, smallest first
 */
export function deadEnds(states: number, edges: IntList, rests: (state: number) => boolean): readonly number[] {
  const starts = new Int32Array(states + 1);
  for (let i = 1; i < edges.length; i += 2) starts[edges.at(i) + 1] = (starts[edges.at(i) + 1] ?? 0) + 1;
  for (let state = 0; state < states; state++) starts[state + 1] = (starts[state + 1] ?? 0) + (starts[state] ?? 0);
  const filled = starts.slice();
  const sources = new Int32Array(edges.length / 2);
  for (let i = 0; i < edges.length; i += 2) {
    const target = edges.at(i + 1);
    const at = filled[target] ?? 0;
    sources[at] = edges.at(i);
    filled[target] = at + 1;
  }
  const comesToRest = new Uint8Array(states);
  const queue: number[] = [];
  for (let state = 0; state < states; state++)
    if (rests(state)) {
      comesToRest[state] = 1;
      queue.push(state);
    }
  for (let state = queue.pop(); state !== undefined; state = queue.pop())
    for (let i = starts[state] ?? 0; i < (starts[state + 1] ?? 0); i++) {
      const source = sources[i] ?? 0;
      if (comesToRest[source] === 1) continue;
      comesToRest[source] = 1;
      queue.push(source);
    }
  return [...comesToRest.keys()].filter((state) => comesToRest[state] === 0);
}
