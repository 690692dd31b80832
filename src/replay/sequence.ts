import type { AnyEventObject, AnyMachineSnapshot } from 'xstate';
import { MACHINES } from '../../machines/index.js';
import { RunnerError } from '../base/errors/index.js';
import { actText } from '../stepping/index.js';
import { GAP, machineHash, STANDING, walkRun } from '../trace/index.js';
import type { TraceRecord } from '../trace/index.js';
import type { Divergence } from './divergence.js';
import { ReplayedSystem } from './replayed-system.js';

export interface SequenceOptions {
  /** Path of the actor: `package/screw-check@1.0.0`. */
  readonly actor: string;
  /** The first record; the actor's begin when left out. */
  readonly fromSeq?: number;
  /** The last record; its end when left out. */
  readonly toSeq?: number;
  /** Told now and then how many files were gone through, the present one as a share of it, and how many there are. */
  readonly onFile?: (done: number, of: number) => void;
}

export interface SequenceStep {
  readonly seq: number;
  readonly event: AnyEventObject;
  /** Where it leads, as recorded. */
  readonly state: string;
  /** What the machine asks for, in a few words each. */
  readonly acts: readonly string[];
}

/** What one actor went through, from one record to another. */
export interface Sequence {
  readonly actor: string;
  readonly machine: string;
  /** Version of the machine it was led through. */
  readonly version: string;
  /** Where the actor stood before the first step; null when that is its begin. */
  readonly start: { readonly state: string; readonly context: unknown; readonly children: readonly string[] } | null;
  readonly steps: readonly SequenceStep[];
  /** How many records of it do not lead where today's machines lead. */
  readonly divergences: number;
}

/**
 * Takes the sequence of one actor out of a run, with all it knew before.
 *
 * @param trace a file of the run
 * @throws RunnerError invalid_usage when the actor has no record there; as readRun
 */
export async function sequenceOf(
  trace: string,
  { actor, fromSeq = 1, toSeq = Infinity, onFile }: SequenceOptions,
): Promise<Sequence> {
  let system = new ReplayedSystem();
  const steps: SequenceStep[] = [];
  let start: Sequence['start'] = null;
  let found: { readonly machine: string; readonly version: string } | undefined;
  let divergences = 0;
  const onDivergence = (divergence: Divergence): void => void (divergences += divergence.actor === actor ? 1 : 0);
  system.onDivergence = onDivergence;
  let gap: TraceRecord | null = null;
  for await (const record of walkRun(trace, onFile)) {
    if (record.seq > toSeq) break;
    if (record.event === GAP) {
      if (found !== undefined) gap ??= record;
      system = Object.assign(new ReplayedSystem(), { onDivergence });
      continue;
    }
    const isWanted = record.actor === actor && record.seq >= fromSeq && !IS_NO_STEP.has(record.event);
    const before = system.actors.get(actor);
    if (isWanted && found === undefined && record.event !== 'xstate.init')
      start = standing(before?.snapshot, before?.shown);
    system.take(record);
    if (!isWanted) continue;
    if (gap !== null) throw notOver(gap, actor);
    found ??= { machine: record.machine, version: versionOf(record) };
    steps.push(stepOf(record, system));
  }
  if (found !== undefined) return { actor, ...found, start, steps, divergences };
  throw new RunnerError('invalid_usage', `${actor} has no record from ${fromSeq} to ${toSeq} of ${trace}.`, {
    hint: 'Name the actor as `procvision trace show` does: package/screw-check@1.0.0.',
  });
}

function notOver({ seq, data }: TraceRecord, actor: string): RunnerError {
  const [from, to] = [seq - Number(data['missing']) + 1, seq];
  return new RunnerError('invalid_usage', `Records ${from} to ${to} are missing among those of ${actor}.`, {
    hint: `A test cannot step over them: end before them (--to ${from - 1}), or begin after them (--from ${to + 1}).`,
    details: { actor, from_seq: from, to_seq: to },
  });
}

/** Nothing is done with it, or not by the machine. */
const IS_NO_STEP: ReadonlySet<string> = new Set(['xstate.stop', STANDING]);

const stepOf = ({ seq, event, data, after }: TraceRecord, { lastActs }: ReplayedSystem): SequenceStep => ({
  seq,
  event: { type: event, ...data },
  state: after,
  acts: lastActs.map(actText),
});

function versionOf({ machine }: TraceRecord): string {
  const stepped = MACHINES.find(({ id }) => id === machine);
  return stepped === undefined ? 'unknown' : machineHash(stepped);
}

function standing(
  snapshot: AnyMachineSnapshot | undefined,
  shown: { readonly state: string; readonly context: unknown } | undefined,
): Sequence['start'] {
  if (snapshot === undefined || shown === undefined) return null;
  return { ...shown, children: Object.keys(snapshot.children as Record<string, unknown>) };
}
