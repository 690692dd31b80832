/** One `name@version` of an algorithm (contract §1). */
export interface Release {
  readonly name: string;
  readonly version: string;
}

/** The key a release goes by in actors, traces and messages: `screw-check@1.0.0`. */
export type ReleaseKey = string;

export const keyOf = ({ name, version }: Release): ReleaseKey => `${name}@${version}`;

/** The inverse of keyOf; names never hold an `@` (contract §3.1). */
export function releaseOf(key: ReleaseKey): Release {
  const at = key.indexOf('@');
  return { name: key.slice(0, at), version: key.slice(at + 1) };
}

/** The seven states of contract §2; they keep these names everywhere. */
export const LIFECYCLE_STATES = [
  'Discovered',
  'Validated',
  'Deployed',
  'Running',
  'Executing',
  'Stopped',
  'Invalid',
] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/** Where a release rests on disk; Running and Executing exist only in memory (contract §2). */
export type RestingState = Exclude<LifecycleState, 'Running' | 'Executing'>;

/** Whether a release is meant to run when the Runner starts again. */
export type Wanted = 'running' | 'stopped';
