/**
 * Every deadline of contract §5, in milliseconds. A Runner has one set, a release may override any of them.
 * `preMs` and `executeMs` are kept by the effect that owns the pipe (one lazy timer per process) and reach the machines
 * as `call.overdue`; all others are named delays of the machines.
 */
export interface Timings {
  /** Spawn until the algorithm's hello. */
  readonly helloMs: number;
  /** Spawn until the answer to `info` (or `pong`) that confirms readiness. */
  readonly confirmMs: number;
  readonly pingIntervalMs: number;
  readonly pongGraceMs: number;
  readonly preMs: number;
  readonly executeMs: number;
  /** How long a stop waits for calls before it goes on without them. */
  readonly drainMs: number;
  /** `shutdown` until the process has left by itself. */
  readonly shutdownMs: number;
  /** SIGTERM until SIGKILL. */
  readonly terminateMs: number;
  /** SIGKILL until the process is written off (it hangs in the kernel). */
  readonly reapMs: number;
  /** How long a call may wait for a process before it is given up; each attempt waits anew. */
  readonly waitMs: number;
  /** Between two looks at what a process takes of CPU and memory; 0: none. */
  readonly watchMs: number;
  /** A rollback that the Runner began by itself and that failed is tried again after so long. */
  readonly rollbackRetryMs: number;
  /** A flow without a call for so long has ended. */
  readonly flowIdleMs: number;
}

export const DEFAULT_TIMINGS: Timings = {
  helloMs: 30_000,
  confirmMs: 30_000,
  pingIntervalMs: 5_000,
  pongGraceMs: 2_000,
  preMs: 10_000,
  executeMs: 30_000,
  drainMs: 30_000,
  shutdownMs: 3_000,
  terminateMs: 3_000,
  reapMs: 5_000,
  waitMs: 30_000,
  watchMs: 5_000,
  rollbackRetryMs: 10_000,
  flowIdleMs: 300_000,
};
