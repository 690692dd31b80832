import { Option } from 'commander';
import { DIAGRAM_FORMATS } from '../../api/diagrams.js';
import type { Visits } from '../../api/diagrams.js';
import { resultCommand } from '../command.js';
import { drawAll, requireSubject, SUBJECTS } from '../diagram/drawings.js';
import type { Drawing, Wish } from '../diagram/drawings.js';
import { writeDrawings } from '../diagram/write-drawings.js';
import { usage } from '../failure.js';
import { openTrace } from '../../api/traces/find-trace.js';
import { shownPath } from '../shown-path.js';
import { requireNames } from '../trace/require-names.js';

interface Options extends Wish {
  readonly trace?: string;
  readonly output?: string;
}

interface Data extends Wish {
  readonly drawings: readonly Drawing[];
  /** Null: printed. */
  readonly files: readonly string[] | null;
}

export const diagram = resultCommand<[machine: string], Options, Data>({
  arguments: [['<machine>', SUBJECTS.join(', ')]],
  options: [
    new Option('--format <format>', 'what to draw').choices(DIAGRAM_FORMATS).default('mermaid'),
    new Option('--trace <trace>', 'show how often a trace went where: a run, a .trace.jsonl file, or "latest"'),
    new Option('--actor <path>', 'count this actor of the trace alone, and those within it'),
    new Option('--state <path>', 'draw this state, what it holds and what leads in and out'),
    new Option('--folded', 'draw the states of the first level alone'),
    new Option('-o, --output <path>', 'write to this file, or into this folder; "all" needs one'),
  ],

  async run({ store, progress }, [machine], { trace, output, ...wish }) {
    const subject = requireSubject(machine, wish);
    if (wish.actor !== undefined && trace === undefined)
      throw usage('--actor names an actor of a trace.', 'Add --trace, such as --trace latest.');
    const found = trace === undefined ? null : await openTrace(trace, store);
    if (found !== null && wish.actor !== undefined) await requireNames(found.files, { actor: wish.actor }, progress);
    const onFile = (done: number, of: number): void => progress('reading the trace', Math.round((done / of) * 100));
    const drawings = await drawAll(subject, wish, found?.history(onFile) ?? null);
    if (output === undefined) return { ...wish, drawings, files: null };
    return { ...wish, drawings, files: await writeDrawings(drawings, wish.format, output) };
  },

  json: ({ drawings, files, format }) =>
    drawings.map(({ name, text, visits }, i) => ({
      machine: name,
      format,
      file: files?.[i] ?? null,
      text: files === null ? text : null,
      trace: visits === null ? null : wireVisits(visits),
    })),

  show({ drawings, files }) {
    if (files === null && drawings.length > 1)
      throw usage('"all" draws several diagrams.', 'Name a folder for them with --output.');
    return {
      lines: files?.map(shownPath) ?? [],
      documents: files === null ? drawings.map(({ text }) => text.trimEnd()) : [],
      notes: drawings.flatMap(counted),
      warnings: drawings.flatMap(doubts),
    };
  },
});

const wireVisits = ({ records, actors, diverged, unclear, transitions }: Visits) => ({
  records,
  actors,
  transitions_taken: transitions.filter((count) => count > 0).length,
  transitions: transitions.length,
  diverged,
  unclear,
});

function counted({ name, visits, transitions }: Drawing): string[] {
  if (visits === null) return [];
  const taken = visits.transitions.filter((count) => count > 0).length;
  return [
    `${name}: ${taken} of ${transitions} transitions taken, in ${visits.records} records of ${visits.actors.length} actors`,
  ];
}

const doubts = ({ name, visits }: Drawing): string[] => [
  ...(visits !== null && visits.diverged > 0
    ? [
        `${name}: ${visits.diverged} records do not lead where this version of the machine leads; see \`procvision replay\``,
      ]
    : []),
  ...(visits !== null && visits.unclear > 0
    ? [
        `${name}: ${visits.unclear} records are of actors that began before the trace does; their transitions are not counted`,
      ]
    : []),
];
