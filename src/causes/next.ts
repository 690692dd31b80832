import type { AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { RunnerError } from '../base/errors/index.js';
import { stateOf } from '../stepping/index.js';
import { ReplayedSystem } from '../replay/index.js';
import type { ReplayedActor } from '../replay/index.js';
import { GAP } from '../trace/index.js';
import type { TraceRecord } from '../trace/index.js';
import { judgedWithout } from './asks-event.js';
import { sourceOf } from './event-source.js';
import type { EventSource } from './event-source.js';
import { hidingGap } from './hiding-gap.js';
import type { HidingGap } from './hiding-gap.js';
import { knownActor } from './known-actor.js';

export interface NextEvent {
  readonly event: string;
  /** Who sends it. */
  readonly source: EventSource;
  /** The condition under which it leads there; null: none. */
  readonly guard: string | null;
  readonly leadsTo: string;
  /** Whether it would lead there now; null: that depends on what the event carries. */
  readonly isPossible: boolean | null;
  /** Why it would not, or when it comes. */
  readonly note: string;
}

export interface NextReport {
  readonly actor: string;
  readonly machine: string;
  readonly state: string;
  /** The actor has ended, with its Runner or before; everything here is as of its last record. */
  readonly hasEnded: boolean;
  /** Events that would leave the state, in the order the machine names them. */
  readonly events: readonly NextEvent[];
  /** Records that are missing hide what became of it; null: none do. */
  readonly gap: HidingGap | null;
}

interface Standing {
  readonly snapshot: AnyMachineSnapshot;
  readonly effects: ReadonlySet<string>;
  /** Milliseconds until each timer is due, by the event it sends. */
  readonly dueMs: ReadonlyMap<string, number>;
  readonly hasProcess: boolean;
}

/**
 * What would take an actor out of its present state, and which of it is possible now: the guards of its machine, judged
 * on what the actor knows.
 *
 * @param actor its path, or its end as far as it is unambiguous
 * @throws RunnerError invalid_usage, naming the actors there are; when the trace does not hold the actor's beginning
 */
export async function nextEvents(records: AsyncIterable<TraceRecord>, actor: string): Promise<NextReport> {
  let system = new ReplayedSystem();
  /** By actor that was there before it: the gap after which nothing was said of it yet. */
  const lost = new Map<string, TraceRecord>();
  let nowUs = 0;
  const known = new Map<string, { readonly actor: ReplayedActor; readonly atUs: number }>();
  const met = new Set<string>();
  for await (const record of records) {
    if (record.event === GAP) {
      for (const path of system.actors.keys()) lost.set(path, record);
      system = new ReplayedSystem();
      continue;
    }
    met.add(record.actor);
    lost.delete(record.actor);
    const before = system.actors.get(record.actor);
    system.take(record);
    const stepped = system.actors.get(record.actor) ?? before;
    if (stepped !== undefined) known.set(record.actor, { actor: stepped, atUs: record.atUs });
    nowUs = record.atUs;
  }
  const path = knownActor(actor, [...met]);
  // An actor that has only begun has no later record, so its living state is read.
  const living = system.actors.get(path);
  const last = known.get(path) ?? (living === undefined ? undefined : { actor: living, atUs: nowUs });
  if (last === undefined) throw unbegun(path);
  const { actor: found, atUs } = last;
  const gap = lost.get(path);
  const hasEnded = gap === undefined && !system.actors.has(path);
  if (hasEnded || gap !== undefined) nowUs = atUs;
  const { snapshot, machine, effects, timers } = found;
  const standing: Standing = {
    snapshot,
    effects: new Set(effects.keys()),
    dueMs: new Map([...timers.values()].map(({ event, dueUs }) => [event.type, (dueUs - nowUs) / 1000])),
    hasProcess: [...system.actors.keys()].some(
      (other) => other.startsWith(`${path}/process/`) || path.endsWith('/heartbeat'),
    ),
  };
  return {
    actor: path,
    machine,
    state: stateOf(snapshot),
    hasEnded,
    events: leaving(found.stepper.machine.id, standing),
    gap: gap === undefined ? null : hidingGap(gap, 'present'),
  };
}

const unbegun = (path: string): RunnerError =>
  new RunnerError(
    'invalid_usage',
    `The trace does not go back to the beginning of ${path}: what it knows cannot be told.`,
    {
      hint: 'Rotation removed it, or one file of several was named. `procvision trace why` goes as far back as there are records.',
      details: { actor: path },
    },
  );

function leaving(machine: string, standing: Standing): readonly NextEvent[] {
  const { snapshot } = standing;
  const nodes = activeNodes(snapshot);
  const state = stateOf(snapshot);
  const handled = new Set<string>();
  return nodes.flatMap((node) => {
    const own = [...node.transitions].filter(([event]) => !handled.has(event));
    for (const [event] of own) handled.add(event);
    return own.flatMap(([event, transitions]) => ofEvent(event, transitions, state, machine, standing));
  });
}

/** Candidates are tried in order: none is reached after one whose guard surely holds. */
function ofEvent(
  event: string,
  transitions: readonly AnyTransitionDefinition[],
  state: string,
  machine: string,
  standing: Standing,
): readonly NextEvent[] {
  const source = sourceOf(machine, event);
  const arrival = canCome(event, source, standing);
  let isTakenBefore: boolean | null = false;
  return transitions.flatMap((transition): readonly NextEvent[] => {
    const holds = transition.guard === undefined ? true : judge(transition, event, standing.snapshot);
    const isPossible = arrival.isPossible ? and(not(isTakenBefore), holds) : false;
    isTakenBefore = or(isTakenBefore, holds);
    const leadsTo = targetOf(transition);
    if (leadsTo === null || leadsTo === state) return [];
    const note = arrival.isPossible && isPossible === false ? 'its condition does not hold' : arrival.note;
    return [{ event, source, guard: guardName(transition.guard), leadsTo, isPossible, note }];
  });
}

function canCome(event: string, source: EventSource, standing: Standing): { isPossible: boolean; note: string } {
  switch (source) {
    case 'a timer': {
      const dueMs = standing.dueMs.get(event);
      return dueMs === undefined
        ? { isPossible: false, note: 'not running' }
        : { isPossible: true, note: `due in ${Math.max(0, Math.round(dueMs))} ms` };
    }
    case 'an effect': {
      const isRunning = standing.effects.has(event.replace(/^xstate\.(done|error)\.actor\./, ''));
      return isRunning ? { isPossible: true, note: 'under way' } : { isPossible: false, note: 'not under way' };
    }
    case 'its process':
      return standing.hasProcess ? { isPossible: true, note: '' } : { isPossible: false, note: 'it has no process' };
    case 'the operating system':
      return stateOf(standing.snapshot) === 'Stopped'
        ? { isPossible: false, note: 'its process is gone' }
        : { isPossible: true, note: '' };
    case 'its heartbeat':
    case 'its package':
    case 'the Runner':
    case 'another actor':
    case 'an operator':
    case 'a caller':
      return { isPossible: true, note: '' };
  }
}

function judge(transition: AnyTransitionDefinition, event: string, snapshot: AnyMachineSnapshot): boolean | null {
  const { guard, source } = transition;
  const { type, params } = (typeof guard === 'string' ? { type: guard, params: undefined } : guard) as {
    type: string;
    params?: unknown;
  };
  const implementation = source.machine.implementations.guards[type] as
    ((args: { context: unknown; event: unknown }, params: unknown) => boolean) | undefined;
  if (typeof implementation !== 'function') return null;
  return judgedWithout(event, (unknown) => implementation({ context: snapshot.context, event: unknown }, params));
}

/** The active leaf first, the root last. */
const activeNodes = (snapshot: AnyMachineSnapshot): readonly AnyStateNode[] =>
  [...(snapshot._nodes as readonly AnyStateNode[])].sort((a, b) => b.path.length - a.path.length);

/** Of a state with states of its own, where one begins in it. */
function targetOf({ target }: AnyTransitionDefinition): string | null {
  let node = target?.[0] as AnyStateNode | undefined;
  if (node === undefined) return null;
  for (let first = node.initial.target[0]; first !== undefined && first !== node; first = node.initial?.target[0])
    node = first as AnyStateNode;
  return node.path.join('.');
}

function guardName(guard: unknown): string | null {
  if (guard === undefined) return null;
  if (typeof guard === 'string') return guard;
  const { type, params } = guard as { type: string; params?: Record<string, unknown> };
  return [type, ...Object.values(params ?? {}).map(String)].join(' ');
}

const not = (a: boolean | null): boolean | null => (a === null ? null : !a);
const and = (a: boolean | null, b: boolean | null): boolean | null =>
  a === false || b === false ? false : a === null || b === null ? null : true;
const or = (a: boolean | null, b: boolean | null): boolean | null => not(and(not(a), not(b)));
