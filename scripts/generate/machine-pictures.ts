import { MACHINES } from '../../machines/index.js';
import { drawActors, drawMachine, readChart } from '../../src/diagrams/index.js';
import type { Chart } from '../../src/diagrams/index.js';

interface Cut {
  readonly state?: string;
  readonly folded?: boolean;
}

/** A machine with more states than this is drawn in parts, too. */
const STATES_MAX = 20;

export const pictureFile = (id: string, { state, folded = false }: Cut = {}): string =>
  `${id}${folded ? '.overview' : ''}${state === undefined ? '' : `.${state}`}.svg`;

/** Which parts of a machine are drawn by themselves. */
export function pictureFor(_id: string, states: Chart['states']): { readonly parts: readonly string[] } {
  if (states.length <= STATES_MAX) return { parts: [] };
  const holders = new Set(states.flatMap(({ parent }) => (parent === null ? [] : [parent])));
  return { parts: states.flatMap(({ path }) => (holders.has(path) ? [path] : [])) };
}

/** Every picture of docs/machines/pictures. */
export async function machinePictures(): Promise<[string, string][]> {
  const files: [string, string][] = [];
  const keep = (name: string, text: string): void => void files.push([`docs/machines/pictures/${name}`, text]);
  const [root] = MACHINES;
  if (root !== undefined) keep('actors.svg', await drawActors(root, { format: 'svg' }));
  for (const machine of MACHINES) {
    const { parts } = pictureFor(machine.id, readChart(machine).states);
    const cuts: readonly Cut[] = [
      {},
      ...(parts.length === 0 ? [] : [{ folded: true }]),
      ...parts.map((state) => ({ state })),
    ];
    for (const cut of cuts) keep(pictureFile(machine.id, cut), await drawMachine(machine, { format: 'svg', ...cut }));
  }
  return files;
}
