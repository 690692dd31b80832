/**
 * What the harness and the process to be killed agree on. A point names a call by what it is rather than by its number
 * alone: the calls of an operation that runs in parallel come in another order each time.
 */
export const FILE_CLASSES = [
  'zip',
  'staging',
  'deployed',
  'venv',
  'active',
  'registry',
  'operations',
  'audit',
  'trace',
  'log',
  'lock',
  'aside',
  'root',
  'shm',
  'other',
] as const;
export type FileClass = (typeof FILE_CLASSES)[number];

/** `part`: after a part of a write reached the file. */
export type When = 'before' | 'after' | 'part';
export const WHENS: readonly When[] = ['before', 'after', 'part'];

/** The `nth` call (from 1) of this kind on this class of files; `afterMs`: so long after a child was spawned. */
export interface KillPoint {
  readonly call: string;
  readonly file: FileClass;
  readonly nth: number;
  readonly when: When;
  readonly afterMs: number;
}

/**
 * @property images folder of the Runner's image segments
 * @property from whether calls count from the start of the process or from `begin()`
 * @property kill null: only count
 */
export interface KillPlan {
  readonly store: string;
  readonly images: string;
  readonly from: 'start' | 'mark';
  readonly kill: KillPoint | null;
}

export const PLAN_VARIABLE = 'CRASH_PLAN';

/** How often each kind of call met each class of files: `rename/active` → 2. */
export type CallCounts = Readonly<Record<string, number>>;

/** What a process says just before it ends itself: the call it had come to, and its number among all. */
export interface Killed {
  readonly at: 'killed';
  readonly point: KillPoint;
  readonly number: number;
  readonly path: string;
}
