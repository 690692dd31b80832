import type { AnyActorRef, AnyEventObject, AnyMachineSnapshot, StateValue } from 'xstate';
import { pathOf, plain, stateName } from './decorate.js';
import type { TraceStanding } from './schema.js';

/** The part of XState's system that names what is scheduled. */
interface Scheduling {
  readonly _snapshot: { readonly _scheduledEvents: Readonly<Record<string, Scheduled>> };
}
interface Scheduled {
  readonly source: AnyActorRef;
  readonly event: AnyEventObject;
  readonly id: string;
  readonly delay: number;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/**
 * Where every actor stands, the root first, each before those it has begun: all that is needed to go on from here
 * without what came before.
 *
 * INVARIANTS
 * - Asked between two outside events only: nothing is on its way from one actor to another.
 *
 * @param atUs microseconds of the run that have passed
 */
export function standingsOf(root: AnyActorRef, atUs: number): readonly TraceStanding[] {
  const timers = new Map<AnyActorRef, TraceStanding['timers']>();
  const nowMs = Date.now();
  const { _scheduledEvents: scheduled } = (root.system as unknown as Scheduling)._snapshot;
  for (const { source, event, id, delay, startedAt } of Object.values(scheduled)) {
    // A wall clock that was set meanwhile must not postpone it beyond its delay.
    const leftMs = Math.min(Math.max(0, startedAt + delay - nowMs), delay);
    const dueUs = atUs + Math.round(leftMs * 1000);
    timers.set(source, [...(timers.get(source) ?? []), [id, event, dueUs]]);
  }
  return family(root).map(({ actor, snapshot }) => ({
    s: pathOf(actor),
    m: snapshot.machine.id,
    state: stateName(snapshot.value as StateValue),
    context: plain(snapshot.context) as TraceStanding['context'],
    ...childrenOf(snapshot),
    timers: timers.get(actor) ?? [],
  }));
}

interface Member {
  readonly actor: AnyActorRef;
  readonly snapshot: AnyMachineSnapshot;
}

const snapshotOf = (actor: AnyActorRef): AnyMachineSnapshot => actor.getSnapshot() as AnyMachineSnapshot;

const refsOf = ({ children }: AnyMachineSnapshot): readonly (readonly [string, AnyActorRef])[] =>
  Object.entries(children as Readonly<Record<string, AnyActorRef | undefined>>).flatMap(([id, ref]) =>
    ref !== undefined && snapshotOf(ref).status === 'active' ? [[id, ref] as const] : [],
  );

/** Effects go by the names the machines give them. */
const nameOf = ({ src }: AnyActorRef): string => (typeof src === 'string' ? src : '');

/** An effect has no machine. */
const isMachine = (actor: AnyActorRef): boolean => 'machine' in snapshotOf(actor);

const family = (actor: AnyActorRef): readonly Member[] => {
  const snapshot = snapshotOf(actor);
  if (snapshot.status !== 'active') return [];
  const below = refsOf(snapshot).filter(([, child]) => isMachine(child));
  return [{ actor, snapshot }, ...below.flatMap(([, child]) => family(child))];
};

function childrenOf(snapshot: AnyMachineSnapshot): Pick<TraceStanding, 'children' | 'effects'> {
  const refs = refsOf(snapshot);
  return {
    children: refs.flatMap(([id, child]) => (isMachine(child) ? [id] : [])),
    effects: refs.flatMap(([id, child]): TraceStanding['effects'] => {
      if (isMachine(child)) return [];
      const { input } = child.getSnapshot() as { readonly input?: unknown };
      return [[id, nameOf(child), plain(input) as TraceStanding['context']]];
    }),
  };
}
