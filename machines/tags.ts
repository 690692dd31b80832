/**
 * What is asked of a state, whatever its name: by invariants, causes, the exploration, the library. Each machine gives its
 * states the tags that hold in them; `hasTag` (state-tags.ts) answers for the name a trace or a snapshot has.
 */

/** It stays there until something from outside happens to it; other states are passed through. */
export type Steady = 'steady';

export type PackageTag =
  | Steady
  /** Recorded, without a process, and nothing under way: it can be uninstalled. */
  | 'resting'
  /** A process is idle or executes. */
  | 'serving'
  /** That it is to run is being recorded. */
  | 'requested'
  /** Its first processes are starting. */
  | 'starting'
  /** Its last process was lost and is being replaced. */
  | 'restarting'
  /** It is on its way to rest, asked to or after it has used up its restarts. */
  | 'leaving'
  /** The next start is one that somebody asks for: it forgets earlier losses. */
  | 'forgetful'
  /** There is no complete deployment. */
  | 'undeployed'
  /** It is being taken off the disk. */
  | 'removing';

export type ProcessTag =
  | Steady
  /** It has shaken hands and takes calls. */
  | 'confirmed'
  /** A call is in flight. */
  | 'executing'
  /** It waits for a call, or nothing is known against the progress of its call. */
  | 'ordinary'
  /** Its operating-system process has ended. */
  | 'ended';

export type HeartbeatTag =
  | Steady
  /** Pings are answered. */
  | 'answering';

export type RouteTag =
  | Steady
  /** Nothing follows any more from the last change. */
  | 'settled'
  /** A changeover holds it. */
  | 'held'
  /** The release may still fail its probation. */
  | 'proving';

export type ChangeoverTag =
  /** Nothing is decided: it can be called off. */
  'cancellable';

export type RunnerTag =
  | Steady
  /** Before everything is brought to rest: inspections go on. */
  | 'working';

export type Tag = PackageTag | ProcessTag | HeartbeatTag | RouteTag | ChangeoverTag | RunnerTag;
