import type { AnyMachineSnapshot } from 'xstate';
import type { Stepper } from '../stepping/index.js';
import type { TraceRecord, TraceStanding } from '../trace/index.js';
import { ReplayedActor } from './replayed-actor.js';

/**
 * An actor in the middle of its life, as it stood when a file of the trace was begun.
 *
 * @param record as walkRun gives it
 * @param living those that stand there already, by path: whoever began it is among them
 */
export function restored(
  record: TraceRecord,
  stepper: Stepper,
  living: ReadonlyMap<string, ReplayedActor>,
): ReplayedActor {
  const { context, children, effects, timers } = record.data as unknown as Omit<TraceStanding, 's' | 'm' | 'state'>;
  const ids = [...children, ...effects.map(([id]) => id)];
  const placed = standing(stepper, record.after, context, ids);
  const actor = new ReplayedActor(record.actor, stepper, placed ?? begun(stepper, context, ids));
  // If today's machine lacks the state, what the actor waits for is unknown.
  actor.isVague = placed === null;
  for (const [id, src, input] of effects) actor.effects.set(id, { src, input });
  for (const [id, event, dueUs] of timers) actor.timers.set(id, { event, dueUs });
  const [parent, id] = beginnerOf(record.actor, living);
  parent?.children.set(id, actor);
  actor.parent = parent;
  return actor;
}

function standing(
  stepper: Stepper,
  state: string,
  context: unknown,
  children: readonly string[],
): AnyMachineSnapshot | null {
  try {
    return stepper.restored(state, context, children);
  } catch {
    return null;
  }
}

const begun = (stepper: Stepper, context: unknown, children: readonly string[]): AnyMachineSnapshot =>
  stepper.restored(Object.keys(stepper.machine.states)[0] ?? '', context, children);

/** The Runner's children go by their ids, theirs by their path and the id: `package/x@1` and `process/1`. */
function beginnerOf(path: string, living: ReadonlyMap<string, ReplayedActor>): readonly [ReplayedActor | null, string] {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const parent = living.get(path.slice(0, end));
    if (parent !== undefined) return [parent, path.slice(end + 1)];
  }
  return [[...living.values()].find(({ parent }) => parent === null) ?? null, path];
}
