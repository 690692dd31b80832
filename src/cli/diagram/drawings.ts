import { countVisits, drawActors, drawMachine, MACHINES, readChart } from '../../api/diagrams.js';
import type { DiagramFormat, Visits } from '../../api/diagrams.js';
import type { TraceRecord } from '../../api/trace.js';
import { namesHint } from '../../base/errors/index.js';
import { usage } from '../failure.js';

/** One picture of a command line. */
export interface Drawing {
  /** Of what: a machine, or `actors`. */
  readonly name: string;
  readonly text: string;
  /** Null: nothing was counted. */
  readonly visits: Visits | null;
  /** How many transitions the machine has; 0 for the actors. */
  readonly transitions: number;
}

export interface Wish {
  readonly format: DiagramFormat;
  readonly state?: string;
  readonly folded?: boolean;
  readonly actor?: string;
}

const ACTORS = 'actors';
const ALL = 'all';
export const SUBJECTS: readonly string[] = [...MACHINES.map(({ id }) => id), ACTORS, ALL];

/** @throws RunnerError invalid_usage for what nobody knows, and for parts of what has none */
export function requireSubject(subject: string, { state, folded = false }: Wish): string {
  if (!SUBJECTS.includes(subject)) throw usage(`There is no machine "${subject}".`, namesHint(subject, SUBJECTS, ''));
  if (state !== undefined && (subject === ALL || subject === ACTORS))
    throw usage('--state is a part of one machine.', `Name the machine: ${SUBJECTS.slice(0, -2).join(', ')}.`);
  if (state !== undefined && folded)
    throw usage('--state draws a part and --folded the whole; they exclude each other.');
  return subject;
}

/** Everything a subject stands for, drawn; `all` begins with the overview of the actors. */
export async function drawAll(
  subject: string,
  { format, state, folded = false, actor }: Wish,
  records: AsyncIterable<TraceRecord> | null,
): Promise<readonly Drawing[]> {
  const machines = MACHINES.filter(({ id }) => subject === ALL || subject === id);
  const counted = records === null ? null : await countVisits(machines, records, actor === undefined ? {} : { actor });
  if (actor !== undefined && counted !== null && [...counted.values()].every(({ actors }) => actors.length === 0))
    throw usage(
      `The trace has no actor ${actor} that belongs to this diagram.`,
      'List them with `procvision trace stats`.',
    );
  const [root] = MACHINES;
  const overview =
    root === undefined || (subject !== ALL && subject !== ACTORS)
      ? []
      : [{ name: ACTORS, text: await drawActors(root, { format }), visits: null, transitions: 0 }];
  const drawn = machines.map(async (machine): Promise<Drawing> => {
    const visits = counted?.get(machine.id) ?? null;
    const options = {
      format,
      folded,
      ...(state === undefined ? {} : { state }),
      ...(visits === null ? {} : { visits }),
    };
    const text = await drawMachine(machine, options).catch((error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
      const paths = readChart(machine).states.map(({ path }) => path);
      throw usage(`The machine "${machine.id}" has no state ${state}.`, namesHint(state ?? '', paths, ''));
    });
    return { name: machine.id, text, visits, transitions: visits?.transitions.length ?? 0 };
  });
  return [...overview, ...(await Promise.all(drawn))];
}
