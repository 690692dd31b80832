import type { SeenFault } from '../trace/index.js';
import type { ActorNow } from './actors-now.js';

/** What is seen of a store at one moment. */
export interface StatusFacts {
  readonly nowMs: number;
  /** Who holds the store; null: nobody. */
  readonly holder: HolderSeen | null;
  /** The newest run there is a trace of. */
  readonly run: RunSeen | null;
  /** Where the actors of the holder's own run stand; null where that is not known. */
  readonly actors: readonly ActorNow[] | null;
  /** Routes as their files say. */
  readonly routes: readonly {
    readonly pid: string;
    readonly release: string | null;
    readonly activatedAt: string | null;
    readonly fault: SeenFault | null;
  }[];
  /** What else is amiss, found beside. */
  readonly problems: readonly Amiss[];
}

export interface HolderSeen {
  readonly osPid: number;
  readonly host: string;
  readonly since: string;
  readonly life: 'live' | 'unknown';
  /** It was stopped by a signal or a debugger. */
  readonly isStopped: boolean;
}

export interface RunSeen {
  readonly run: string;
  /** Its Runner is the one that holds the store. */
  readonly isOfHolder: boolean;
  readonly isClosed: boolean;
  /** When something was last written to it, Unix milliseconds. */
  readonly lastMs: number;
}

/**
 * `working`; `stopped`: it exists and is not let run; `silent`: it exists and writes nothing where it should; `elsewhere`: in
 * another container or on another host, and cannot be seen from here; `killed`: it is gone without having closed; `none`.
 */
export type RunnerLife = 'working' | 'stopped' | 'silent' | 'elsewhere' | 'killed' | 'none';

export interface RunnerStatus {
  readonly life: RunnerLife;
  readonly osPid: number | null;
  readonly host: string | null;
  /** ISO 8601: since when it works, or when it was last heard of. */
  readonly since: string | null;
  readonly run: string | null;
  readonly message: string;
}

export interface PidStatus {
  readonly pid: string;
  /** What it is bound to; null: its route file cannot be understood. */
  readonly bound: string | null;
  /** The release that serves it now; null: none. */
  readonly serving: string | null;
  /** `serving`, or why not in a word. */
  readonly state: string;
  readonly since: string | null;
  readonly onProbation: boolean;
  /** What happened last, to the PID or its release. */
  readonly last: { readonly at: string; readonly what: string } | null;
  readonly amiss: string | null;
}

export interface Amiss {
  readonly subject: string;
  readonly what: string;
  /** The words after `procvision` that explain it, or mend it. */
  readonly next: readonly string[] | null;
}

export interface StatusReport {
  readonly ok: boolean;
  readonly at: string;
  readonly runner: RunnerStatus;
  readonly pids: readonly PidStatus[];
  readonly amiss: readonly Amiss[];
}
