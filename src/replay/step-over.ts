import type { TraceRecord } from '../trace/index.js';
import { stateOf } from '../stepping/index.js';
import type { Act, Step } from '../stepping/index.js';
import type { Differences } from './differences.js';
import { placed } from './snapshots.js';
import type { ReplayedActor, StepTaken } from './replayed-actor.js';

export interface SteppedOver extends Pick<Step, 'taken'> {
  readonly acts: readonly Act[];
  /** The machines could not be led to what was recorded: what they would ask for is not known. */
  readonly isLost: boolean;
  /** It came to its final state. */
  readonly isDone: boolean;
  /** It is no more once its acts are done. */
  readonly ends: boolean;
}

/**
 * Steps an actor over one record; it ends in the recorded state, whatever today's machines say.
 *
 * @param born paths of the actors whose begin was recorded just before
 */
export function stepOver(
  record: TraceRecord,
  taken: StepTaken,
  differences: Differences,
  born: ReadonlySet<string>,
): SteppedOver {
  const { actor } = taken;
  const wasLost = standBefore(record, taken, differences);
  const step = attempt(taken);
  const hadFailed = 'thrown' in record.data;
  if (step instanceof Error || hadFailed) return failed(record, taken, step, differences);
  let { snapshot, acts, taken: transitions } = step;
  let isLost = wasLost;
  if (stateOf(snapshot) !== record.after) {
    const other = differences.ofState(record, taken, step, born);
    snapshot = other?.snapshot ?? placed(snapshot, record.after);
    acts = other?.acts ?? acts;
    transitions = other?.taken ?? transitions;
    isLost ||= other === null;
  }
  actor.snapshot = snapshot;
  actor.isVague ||= isLost;
  return { ...ending(actor, acts), taken: transitions, isLost };
}

/** @returns whether the actor had to be put where the record says it was */
function standBefore(record: TraceRecord, { actor }: StepTaken, differences: Differences): boolean {
  const { state } = actor.shown;
  if (record.before === state && record.machine === actor.machine) return false;
  differences.ofStanding(record, actor);
  if (record.before === null) return false;
  actor.snapshot = placed(actor.snapshot, record.before);
  return true;
}

function ending(actor: ReplayedActor, acts: readonly Act[]): Omit<SteppedOver, 'isLost' | 'taken'> {
  const isDone = actor.snapshot.status === 'done';
  if (!isDone || actor.parent === null) return { acts, isDone, ends: isDone };
  const id = actor.path.split('/').at(-1) ?? '';
  return {
    acts: [...acts, { act: 'report', event: { type: `xstate.done.actor.${id}`, actorId: id } }],
    isDone,
    ends: true,
  };
}

/** In production the actor is dead, and its parent is told. */
function failed(record: TraceRecord, taken: StepTaken, step: Step | Error, differences: Differences): SteppedOver {
  const { actor } = taken;
  const { thrown } = record.data;
  if (!(step instanceof Error) || thrown === undefined) differences.ofFailure(record, actor, step);
  if (thrown === undefined) {
    actor.snapshot = placed(actor.snapshot, record.after);
    actor.isVague = true;
    return { acts: [], taken: [], isLost: true, isDone: false, ends: false };
  }
  const id = actor.parent?.path.includes('/') === true ? actor.path.slice(actor.parent.path.length + 1) : actor.path;
  const event = { type: `xstate.error.actor.${id}`, error: thrown, actorId: id };
  return { acts: [{ act: 'report', event }], taken: [], isLost: false, isDone: false, ends: true };
}

function attempt({ actor, before, event }: StepTaken): Step | Error {
  const { thrown: _thrown, ...delivered } = event;
  try {
    return actor.stepper.step(actor.snapshot === before ? before : actor.snapshot, delivered);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
