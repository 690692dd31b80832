import type { ReleasePolicy } from '../../../machines/package.events.js';
import { DEFAULT_INSTANCES, DEFAULT_QUEUE_LIMIT, DEFAULT_RETRIES } from '../../../machines/package.events.js';
import { releaseOf } from '../../../machines/release.js';
import type { ReleaseKey } from '../../../machines/release.js';
import type { ArchiveLimits } from '../../package/index.js';
import { DEFAULT_PROBATION } from '../../../machines/probation.js';
import type { ProbationPolicy } from '../../../machines/probation.js';
import { NO_MEMORY_LIMITS } from '../../../machines/process.events.js';
import type { MemoryLimits, ProcessLimits } from '../../../machines/process.events.js';
import { DEFAULT_RESTART_POLICY } from '../../../machines/restart-policy.js';
import type { RestartPolicy } from '../../../machines/restart-policy.js';
import { DEFAULT_TIMINGS } from '../../../machines/timings.js';
import type { Timings } from '../../../machines/timings.js';
import type { ImageOptions, ImagePolicy } from '../images/image-options.js';

/** What a Runner, or one release of it, does differently; everything left out keeps its default (contract §5). */
export interface PolicyOptions {
  /** Milliseconds; see Timings for each. */
  readonly timings?: Partial<Timings>;
  readonly restart?: Partial<RestartPolicy>;
  /** Processes a release runs; 1. */
  readonly instances?: number;
  /** Calls that may wait for a release; 64. */
  readonly queueLimit?: number;
  /** Further attempts of a call after a failure that another one may mend; 2. 0: at most one attempt. */
  readonly retries?: number;
  /** Resident memory a process may take; no limit. */
  readonly memory?: Partial<MemoryLimits>;
  /** So many failed calls in a row and a process is replaced; however many, it stays. */
  readonly replaceAfterFailures?: number;
  /** What the operating system lets a process have; no limits. */
  readonly limits?: ProcessLimits;
  /** How the release proves itself after a switch to it; 60 s, at most 3 failures. */
  readonly probation?: Partial<ProbationPolicy>;
  /** After its probation: return to the release before once this one is faulted; false. */
  readonly fallback?: boolean;
  /**
   * Variables an algorithm's processes find beside what every process needs: `LD_LIBRARY_PATH`, `CUDA_VISIBLE_DEVICES`, …
   * Nothing of the Runner's own environment reaches them but PATH, LANG and TZ.
   */
  readonly environment?: Readonly<Record<string, string>>;
  readonly images?: ImagePolicy;
}

/** An interpreter packages may be deployed with. */
export interface InterpreterPolicy {
  readonly path: string;
  /**
   * Packages may use what this Python has installed itself (a camera's SDK, TensorRT, NumPy of the system), behind what they
   * bring; false. A release is then no longer independent of the host: upgrades there reach it.
   */
  readonly systemPackages?: boolean | undefined;
}

export interface RunnerOptions extends PolicyOptions {
  /** Folder of the store; made when it is not there. */
  readonly store: string;
  /** What single releases do differently, by `name@version` or by `name`. */
  readonly releases?: Readonly<Record<string, PolicyOptions>>;
  /** Start what is wanted running as soon as the store is read; true. */
  readonly resume?: boolean;
  /** Look for new zips at the start and every so many milliseconds; 5,000. 0: only when asked. */
  readonly scanIntervalMs?: number;
  /** Whether a zip found by a scan is deployed; true. */
  readonly autoDeploy?: boolean;
  /** A zip younger than this is not judged yet; 2,000 ms. */
  readonly zipSettleMs?: number;
  /**
   * Record every transition; true. A file is rotated beyond `fileBytesMax` (512 KiB); of the store's traces `bytesMax`
   * (512 MiB) are kept for at most `ageMaxDays` (90) of work. What holds failures, or was not closed, outlives the rest.
   */
  readonly trace?:
    boolean | { readonly fileBytesMax?: number; readonly bytesMax?: number; readonly ageMaxDays?: number };
  /** Hold the invariants of the architecture against the trace as it is written (`invariant.broken`); false. */
  readonly monitor?: boolean;
  readonly images?: ImageOptions;
  /**
   * How large a package may be, and what it unpacks to, its wheels included; what is left out keeps its default
   * (DEFAULT_ARCHIVE_LIMITS).
   */
  readonly packageLimits?: Partial<ArchiveLimits>;
  /** Newest releases of an algorithm that `prune` keeps, beside all that PIDs need; 3. */
  readonly keep?: number;
  /** Cap of a frame in bytes; 2 MiB (contract §4). */
  readonly frameBytesMax?: number;
  /** Who acts, for the audit trail; `library`. */
  readonly actor?: string;
  /** Interpreters to choose from, by path; what is on the machine when left out. */
  readonly interpreters?: readonly (string | InterpreterPolicy)[];
  /**
   * Give each process a /proc that shows it alone, where the host allows it; true. False where an algorithm or its tools
   * have to find processes by the host's numbers.
   */
  readonly privateProc?: boolean;
  /** Seed of the jitter of restarts. */
  readonly seed?: number;
}

const DEFAULT_POLICY: ReleasePolicy = {
  timings: DEFAULT_TIMINGS,
  restart: DEFAULT_RESTART_POLICY,
  instances: DEFAULT_INSTANCES,
  queueLimit: DEFAULT_QUEUE_LIMIT,
  retries: DEFAULT_RETRIES,
  memory: NO_MEMORY_LIMITS,
  probation: DEFAULT_PROBATION,
  fallback: false,
};

/** What is left out is as by default. */
export const resolvePolicy = (options: PolicyOptions): ReleasePolicy => merged(DEFAULT_POLICY, options);

/** What single releases do differently: `name@version` on top of `name` on top of the Runner's own. */
export function resolveOverrides({ releases = {}, ...options }: RunnerOptions): Record<ReleaseKey, ReleasePolicy> {
  const base = resolvePolicy(options);
  const entries = Object.entries(releases).map(([key, own]) => {
    const ofName = key.includes('@') ? releases[releaseOf(key).name] : undefined;
    return [key, merged(ofName === undefined ? base : merged(base, ofName), own)] as const;
  });
  return Object.fromEntries(entries);
}

/** More time for the hello is more for the whole start, which ends with the confirmation, unless that is said, too. */
const timingsOn = (base: Timings, own: Partial<Timings> = {}): Timings => ({
  ...base,
  confirmMs: Math.max(base.confirmMs, own.helloMs ?? 0),
  ...own,
});

const limitsOf = (base?: ProcessLimits, own?: ProcessLimits): Pick<ReleasePolicy, 'limits'> =>
  base === undefined && own === undefined ? {} : { limits: { ...base, ...own } };

const failuresOf = (replaceAfterFailures: number | undefined): Pick<ReleasePolicy, 'replaceAfterFailures'> =>
  replaceAfterFailures === undefined ? {} : { replaceAfterFailures };

/** Options on top of a policy. */
function merged(base: ReleasePolicy, options: PolicyOptions): ReleasePolicy {
  return {
    timings: timingsOn(base.timings, options.timings),
    restart: { ...base.restart, ...options.restart },
    instances: options.instances ?? base.instances,
    queueLimit: options.queueLimit ?? base.queueLimit,
    retries: options.retries ?? base.retries,
    memory: { ...base.memory, ...options.memory },
    ...limitsOf(base.limits, options.limits),
    ...failuresOf(options.replaceAfterFailures ?? base.replaceAfterFailures),
    probation: { ...base.probation, ...options.probation },
    fallback: options.fallback ?? base.fallback,
  };
}
