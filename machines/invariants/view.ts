import { hasTag } from '../state-tags.js';
import type { ChangeoverContext, ChangeoverEvent } from '../changeover.events.js';
import type { PackageContext, PackageEmitted, PackageEvent } from '../package.events.js';
import type { OsCommand, ProcessContext, ProcessEvent } from '../process.events.js';
import type { ReleaseKey } from '../release.js';
import type { RouteContext, RouteEmitted, RouteEvent, RouteRecord } from '../route.events.js';
import type { RunnerContext, RunnerEmitted, RunnerEvent } from '../runner.events.js';

/** What one actor shows: its state by its whole name (`Running.Restarting`) and its context. */
export interface Shown<Context> {
  readonly state: string;
  readonly context: Context;
}

/** The part of each machine's context that invariants read. */
export interface Contexts {
  runner: Pick<RunnerContext, 'changeovers'>;
  package: Pick<PackageContext, 'key' | 'policy' | 'fault' | 'slots' | 'queue'>;
  process: Pick<ProcessContext, 'key' | 'timings'>;
  heartbeat: object;
  route: Pick<
    RouteContext,
    'pid' | 'policy' | 'release' | 'previous' | 'onProbation' | 'failed' | 'candidate' | 'draining' | 'flows'
  >;
  changeover: Pick<ChangeoverContext, 'key' | 'pids' | 'moving'>;
}
export type MachineName = keyof Contexts;

/** The system between two outside events: every mailbox is empty. */
export interface SystemView {
  /** Monotonic; 0 for ever where no time passes and any deadline may fire next (an exploration). */
  readonly nowMs: number;
  readonly isTimeless?: true;
  /** How late a timer may fire; 0 where time is simulated. */
  readonly lateMs: number;
  readonly runner: Pick<Shown<Contexts['runner']>, 'state'>;
  readonly packages: ReadonlyMap<ReleaseKey, Shown<Contexts['package']>>;
  /** By PID. */
  readonly routes: ReadonlyMap<string, Shown<Contexts['route']>>;
  /** By name, their first PID. */
  readonly changeovers: ReadonlyMap<string, Shown<Contexts['changeover']>>;
  /** By actor path; `context.key` says whose they are. */
  readonly processes: ReadonlyMap<string, Shown<Contexts['process']>>;
  /** The route files as they were last committed, by PID. */
  readonly files: ReadonlyMap<string, RouteRecord>;
}

export interface Events {
  runner: RunnerEvent;
  package: PackageEvent;
  process: ProcessEvent;
  heartbeat: { type: 'pong.received' };
  route: RouteEvent;
  changeover: ChangeoverEvent;
}
export interface Emissions {
  runner: RunnerEmitted;
  package: PackageEmitted;
  route: RouteEmitted;
}

/** What XState itself delivers: the start of an actor, ends of its children, timers. */
export interface Inner {
  readonly type: `xstate.${string}`;
}

/** One event processed by one actor; `before` is null for its first. */
export type Delivered<Machine extends MachineName = MachineName> = {
  [M in Machine]: {
    readonly what: 'delivered';
    readonly machine: M;
    /** Ids from the Runner's children down: `package/screw@1.0.0/process/1`. */
    readonly actor: string;
    readonly event: Events[M] | Inner;
    readonly before: Shown<Contexts[M]> | null;
    readonly after: Shown<Contexts[M]>;
  };
}[Machine];

/** What an actor emitted to the library. */
export type Emitted<Machine extends keyof Emissions = keyof Emissions> = {
  [M in Machine]: {
    readonly what: 'emitted';
    readonly machine: M;
    readonly actor: string;
    readonly event: Emissions[M];
  };
}[Machine];

/** What a process actor asked of its operating-system process. */
export interface Asked {
  readonly what: 'asked';
  readonly actor: string;
  readonly command: OsCommand;
}

/** An actor was taken away; `left` names what of it was still under way: processes, effects. */
export interface Ended {
  readonly what: 'ended';
  readonly actor: string;
  readonly left: readonly string[];
}

/** What one outside event sets off, in processing order. */
export type Seen = Delivered | Emitted | Asked | Ended;

/** How an actor goes by in a view: processes by their whole path, the Runner's children by what follows their kind. */
export const nameInView = (machine: string, path: string): string =>
  machine === 'process' ? path : path.slice(path.indexOf('/') + 1);

/** Before the Runner brings everything to rest. */
export const isAtWork = ({ runner }: SystemView): boolean => hasTag('runner', runner.state, 'working');

/** Deliveries to the actors of one machine. */
type DeliveredTo<Machine extends MachineName> = Extract<Seen, { what: 'delivered'; machine: Machine }>;

export const deliveredTo = <Machine extends MachineName>(
  happened: readonly Seen[],
  machine: Machine,
): readonly DeliveredTo<Machine>[] =>
  happened.filter((seen): seen is DeliveredTo<Machine> => seen.what === 'delivered' && seen.machine === machine);

/** Whether it is an event of one of these types, delivered to an actor of this machine. */
export const isDelivered = (seen: Seen, machine: MachineName, types?: readonly string[]): boolean =>
  seen.what === 'delivered' && seen.machine === machine && (types === undefined || types.includes(seen.event.type));

/** The route points elsewhere now. */
export const movesRoute = (seen: Seen): boolean =>
  seen.what === 'delivered' &&
  seen.machine === 'route' &&
  seen.before !== null &&
  seen.before.context.release !== seen.after.context.release;

/** It was not in this state and is now. */
export const entered = ({ before, after }: Delivered, state: string): boolean =>
  after.state === state && before?.state !== state;
