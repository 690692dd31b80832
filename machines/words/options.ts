import { DEFAULT_INSTANCES, DEFAULT_QUEUE_LIMIT, DEFAULT_RETRIES } from '../package.events.js';
import type { ReleasePolicy } from '../package.events.js';
import { DEFAULT_PROBATION } from '../probation.js';
import type { ProbationPolicy } from '../probation.js';
import { NO_MEMORY_LIMITS } from '../process.events.js';
import type { MemoryLimits, ProcessLimits } from '../process.events.js';
import { DEFAULT_RESTART_POLICY } from '../restart-policy.js';
import type { RestartPolicy } from '../restart-policy.js';
import { DEFAULT_TIMINGS } from '../timings.js';
import type { Timings } from '../timings.js';

/**
 * Every option of a release's policy in words, with its default: the schema of settings and options, the tables of the
 * guides and the delays in diagrams take them from here. An option without words does not compile.
 */
export type Words<T> = { readonly [Key in keyof T]: string };

const TIMINGS: Words<Timings> = {
  helloMs: 'from the spawn to the algorithm’s hello (its imports and `setup` included); then killed: a failed start',
  confirmMs:
    'from the spawn to the answer to `info` (or `pong`), as long as `helloMs` at least where that alone is set; then killed: a failed start',
  pingIntervalMs: 'from an answered ping to the next one',
  pongGraceMs: 'from a ping to its pong; a miss is followed by a ping at once',
  preMs: 'one attempt of a `pre`, from its dispatch; then the call is overdue and its process killed',
  executeMs: 'one attempt of an `execute`, likewise',
  waitMs: 'how long a call waits for a process, anew before each attempt; then it is `timed_out`',
  drainMs: 'how long a stop, a replaced release or a closing Runner waits for calls and flows',
  shutdownMs: 'from the shutdown frame to SIGTERM',
  terminateMs: 'from SIGTERM to SIGKILL',
  reapMs: 'from SIGKILL to the moment a process that still does not end is written off',
  watchMs: 'between two looks at CPU and memory; 0: none',
  rollbackRetryMs: 'an automatic rollback that failed is tried again after so long',
  flowIdleMs: 'a flow without a call for so long has ended',
};

const RESTART: Words<RestartPolicy> = {
  immediateRestarts:
    'losses within the window that are answered by a start at once; also how often a start is repeated',
  breakerLosses: 'the loss with this number within the window opens the breaker',
  windowMs: 'how far back losses count',
  backoffMs: 'the pause after the first loss that is not answered at once; it doubles with each further one',
  backoffMsMax: 'the longest pause, jitter not counted',
  jitterShare: 'how much of the pause is added at most, by chance',
  cooldownMs: 'so long after the breaker opened, one start is tried; null: only a person closes it',
};

const MEMORY: Words<MemoryLimits> = {
  replaceBytes: 'above it a process is replaced, after its call',
  killBytes: 'above it a process is killed at once; its call is lost',
};

const LIMITS: Words<Required<ProcessLimits>> = {
  memoryBytes: 'address space of a process (RLIMIT_AS); not for a GPU, whose drivers reserve far more than they use',
  processes: 'processes and threads of a process together (RLIMIT_NPROC); does not hold for root',
  fileBytes: 'the largest file it may write (RLIMIT_FSIZE)',
};

const PROBATION: Words<ProbationPolicy> = {
  durationMs: 'how long the release before stays warm at least; 0: no probation',
  errorsMax: 'attempts that may fail; one more returns the PID',
  callsMin: 'calls that have to work before the probation can end, however long that takes',
};

type Single = Required<Omit<ReleasePolicy, 'timings' | 'restart' | 'memory' | 'limits' | 'probation'>>;

const SINGLE: Words<Single> = {
  instances: 'processes the release runs',
  queueLimit: 'calls that may wait for a process of the release; one more is refused with 3007',
  retries: 'further attempts of a call, after a failure that another one may mend',
  replaceAfterFailures:
    'failed calls in a row after which a process is replaced; errors about what was asked do not count',
  fallback: 'after the probation: return to the release before once this one is faulted',
};

export const OPTION_WORDS = {
  timings: TIMINGS,
  restart: RESTART,
  memory: MEMORY,
  limits: LIMITS,
  probation: PROBATION,
  single: SINGLE,
} as const;

/** The policy of a release that sets nothing; null: no limit, or never. */
export const POLICY_DEFAULTS = {
  timings: DEFAULT_TIMINGS,
  restart: DEFAULT_RESTART_POLICY,
  instances: DEFAULT_INSTANCES,
  queueLimit: DEFAULT_QUEUE_LIMIT,
  retries: DEFAULT_RETRIES,
  memory: NO_MEMORY_LIMITS,
  limits: { memoryBytes: null, processes: null, fileBytes: null },
  probation: DEFAULT_PROBATION,
  fallback: false,
  replaceAfterFailures: null,
} as const;

export type OptionPath =
  `timings.${keyof Timings}` | `restart.${keyof RestartPolicy}` | `probation.${keyof ProbationPolicy}`;

/** In milliseconds; null: it never comes about by default. */
export function defaultMsOf(path: OptionPath): number | null {
  const [group = '', key = ''] = path.split('.');
  return (
    (POLICY_DEFAULTS as unknown as Readonly<Record<string, Readonly<Record<string, number | null>>>>)[group]?.[key] ??
    null
  );
}
