import { LIFECYCLE_STATES, packageMachine } from '../../machines/index.js';
import { readChart } from '../../src/diagrams/index.js';
import { picture } from './parts.js';

/** The picture of the README, drawn from the package machine: the seven states alone, with the moves between them. */
export const readmeParts = (): ReadonlyMap<string, string> => new Map([['lifecycle', picture(lifecycle())]]);

function lifecycle(): string {
  const states = new Set<string>(LIFECYCLE_STATES);
  const moves = new Map<string, Set<string>>();
  for (const { from, to, event } of readChart(packageMachine).transitions) {
    const [a = '', b = ''] = [from ?? '', to ?? ''].map((path) => path.split('.')[0]);
    if (a === b || !states.has(a) || !states.has(b)) continue;
    const key = `${a} --> ${b}`;
    moves.set(key, (moves.get(key) ?? new Set()).add(event));
  }
  const arrows = [...moves].map(([arrow, events]) => `  ${arrow} : ${[...events].slice(0, 2).join(' / ')}`);
  return ['stateDiagram-v2', '  [*] --> Discovered', ...arrows].join('\n');
}
