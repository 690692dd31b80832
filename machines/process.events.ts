import type { Fault } from './fault.js';
import type { HeartbeatReport } from './heartbeat.machine.js';
import type { Timings } from './timings.js';

/** How a call ended (contract §6). */
export type Outcome = 'result' | 'error' | 'timed_out' | 'lost' | 'cancelled';

/** What it takes to start one process of a release: plain data, worked out before the process exists. */
export interface LaunchSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Resident memory, in bytes, that a process of a release may take; null: no limit. */
export interface MemoryLimits {
  /** Above it the process is replaced, between calls. */
  readonly replaceBytes: number | null;
  /** Above it the process is killed at once. */
  readonly killBytes: number | null;
}

export const NO_MEMORY_LIMITS: MemoryLimits = { replaceBytes: null, killBytes: null };

/** What the operating system lets one process of a release have; without limits of their own: what the Runner has. */
export interface ProcessLimits {
  /** Address space; not for algorithms on a GPU, which reserve far more than they use. */
  readonly memoryBytes?: number;
  /** Processes and threads together; no limit holds for root. */
  readonly processes?: number;
  /** The largest file it may write. */
  readonly fileBytes?: number;
}

export interface OsProcessInput {
  /** Where the process belongs in logs and in the table of requests: `screw-check@1.0.0`. */
  readonly key: string;
  readonly slot: number;
  readonly launch: LaunchSpec;
  readonly timings: Timings;
  readonly limits?: ProcessLimits;
  /** Calls failing in a row after which the process is replaced; left out: never. */
  readonly failuresMax?: number;
  /** `low`: until its hello, but no longer than a start usually takes, serving processes get the CPU first. */
  readonly startPriority?: 'low';
}

/** What the machine asks of the operating-system process. */
export type OsCommand =
  | { type: 'hello.send' }
  | { type: 'info.send' }
  | { type: 'ping.send' }
  | { type: 'call.send'; callId: number }
  | { type: 'shutdown.send' }
  | { type: 'group.signal'; signal: 'SIGTERM' | 'SIGKILL'; reason: string }
  /** Not even SIGKILL ended it: write it off, answering with `os.exited` all the same. */
  | { type: 'group.abandon' };

/** What the operating-system process reports; `atMs` is monotonic, `jitter` a draw in [0, 1) for the restart policy. */
export type OsEvent =
  /** `isolation`: what it was spawned under. */
  | { type: 'os.spawned'; osPid: number; isolation: string }
  /** `isolation`: what was seen of this process from outside. `afterMs`: since its spawn; left out: at once. */
  | {
      type: 'hello.received';
      protocol: number | null;
      announcesInfo: boolean;
      sdkVersion: string | null;
      afterMs?: number;
      isolation?: string;
    }
  | { type: 'info.received'; mismatches: readonly string[] }
  | { type: 'pong.received' }
  /**
   * `fatal`: FatalError, the process is replaced; `recoverable`: RecoverableError or 1005, the call may be retried;
   * `failed`: an error of the algorithm's own, whatever it was asked. `prepared`: a result that is no `execute`'s, where
   * failures count: what fails each time in `execute` often prepares well.
   */
  | {
      type: 'call.answered';
      callId: number;
      outcome: 'result' | 'error';
      fatal?: true;
      recoverable?: true;
      failed?: true;
      prepared?: true;
    }
  | { type: 'call.overdue'; callId: number; fault: Fault }
  | { type: 'reply.dropped'; requestId: string; reason: 'late' | 'duplicate' | 'unknown' }
  | { type: 'start.refused'; fault: Fault }
  | { type: 'stream.faulted'; fault: Fault }
  | { type: 'shutdown.acknowledged' }
  /** CPU time (100: one core) and resident memory of the process with everything it started, over the last interval.
   *  `callId`: the call that ran during the whole of it, else 0. */
  | { type: 'resources.sampled'; cpuPercent: number; residentBytes: number; callId: number }
  | { type: 'os.exited'; fault: Fault; atMs: number; jitter: number };

/** What the package asks of a process. */
export type ProcessCommand =
  | { type: 'call.dispatched'; callId: number }
  /** Leave gracefully; a call in flight is cancelled (draining is the package's business and comes before). */
  | { type: 'process.stop' }
  /** Leave at once. */
  | { type: 'process.kill' };

export type ProcessEvent = ProcessCommand | OsEvent | HeartbeatReport;

/** What a process tells its package. */
export type ProcessReport =
  | { type: 'process.ready'; slot: number }
  /** It is being ended although it was at rest; no call may go to it any more. */
  | { type: 'process.leaving'; slot: number; fault: Fault | null }
  /** `leaving`: the process takes no further call. */
  | { type: 'call.settled'; slot: number; callId: number; outcome: Outcome; leaving?: true; fault?: Fault }
  /** It failed in a way that another attempt may mend (contract §6); the package decides whether there is one. */
  | { type: 'call.failed'; slot: number; callId: number; outcome: Outcome; leaving?: true; fault?: Fault }
  /** The process is gone; `fault` is null when it left because it was asked to. */
  | { type: 'process.ended'; slot: number; fault: Fault | null; atMs: number; jitter: number };

export interface ProcessInput extends OsProcessInput {
  /** Protocol major versions this Runner speaks. */
  readonly protocols: readonly number[];
  readonly memory: MemoryLimits;
}

export interface ProcessContext extends ProcessInput {
  /** The call in flight; stale while none is. */
  callId: number;
  /** Pings missed while at rest, one after the other. */
  restingMisses: number;
  /** Calls that failed in a row, where they count. */
  failures: number;
  /** Why the process ends; null while it has no reason but being asked. */
  fault: Fault | null;
  /** Readiness is confirmed by the answer to `info`; a pong alone does not do. */
  confirmedByInfo: boolean;
  /** Time from its spawn to its hello; the confirmation has the rest of the deadline. */
  helloAfterMs: number;
  endedAtMs: number;
  jitter: number;
}
