import { MACHINES } from '../../machines/index.js';
import { countVisits, drawMachine } from '../../src/diagrams/index.js';
import type { DrawOptions, Visits } from '../../src/diagrams/index.js';
import { readTrace } from '../../src/api/trace.js';
import { picture } from './parts.js';

/** The guide "Read the lifecycle": recorded histories (test/replay/recorded) drawn over the machines of today. */
type Cut = Omit<DrawOptions, 'format' | 'visits'>;

const DRAWN: readonly (readonly [file: string, history: string, machine: string, cut: Cut])[] = [
  ['demo', 'demo', 'package', { folded: true }],
  ['crashes-running', 'crash-breaker-half-open', 'package', { state: 'Running' }],
  ['crashes-stopped', 'crash-breaker-half-open', 'package', { state: 'Stopped' }],
  ['hang-process', 'two-processes-one-hangs', 'process', {}],
];

export const lifecyclePictures = (): Promise<[string, string][]> =>
  Promise.all(
    DRAWN.map(async ([file, history, machine, cut]): Promise<[string, string]> => [
      `docs/guides/pictures/${file}.svg`,
      await drawn(history, machine, { ...cut, format: 'svg' }),
    ]),
  );

export async function lifecycleParts(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['demo', picture((await drawn('demo', 'package', { format: 'mermaid', folded: true })).trimEnd())],
    ['demo-counts', `\`\`\`\n${said('package', await visitsOf('demo', 'package'))}\n\`\`\``],
  ]);
}

async function drawn(history: string, id: string, options: Omit<DrawOptions, 'visits'>): Promise<string> {
  return drawMachine(machineOf(id), { ...options, visits: await visitsOf(history, id) });
}

/** As the command says it. */
const said = (id: string, { transitions, records, actors }: Visits): string =>
  `${id}: ${transitions.filter((count) => count > 0).length} of ${transitions.length} transitions taken, in ${records} records of ${actors.length} actors`;

async function visitsOf(history: string, id: string): Promise<Visits> {
  const counted = await countVisits(
    [machineOf(id)],
    readTrace(`test/replay/recorded/histories/${history}.trace.jsonl`),
  );
  const visits = counted.get(id);
  if (visits === undefined) throw new Error(`nothing was counted of ${id} in ${history}`);
  return visits;
}

function machineOf(id: string) {
  const machine = MACHINES.find((one) => one.id === id);
  if (machine === undefined) throw new Error(`there is no machine "${id}"`);
  return machine;
}
