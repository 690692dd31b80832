import { z } from 'zod';
import { DEFAULT_INSTANCES, DEFAULT_QUEUE_LIMIT, DEFAULT_RETRIES } from '../../../../machines/package.events.js';
import { DEFAULT_PROBATION } from '../../../../machines/probation.js';
import type { ProbationPolicy } from '../../../../machines/probation.js';
import { NO_MEMORY_LIMITS } from '../../../../machines/process.events.js';
import { DEFAULT_RESTART_POLICY } from '../../../../machines/restart-policy.js';
import type { RestartPolicy } from '../../../../machines/restart-policy.js';
import { DEFAULT_TIMINGS } from '../../../../machines/timings.js';
import type { Timings } from '../../../../machines/timings.js';

/** What a Runner or one release may do differently, once: options and settings.json are held to it, docs made of it. */

/** Numbers, one for each of the defaults, with what each means. */
export const numbersLike = <T extends object>(least: number, meanings: Readonly<Record<keyof T, string>>) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries<string>(meanings).map(([key, meaning]) => [
        key,
        z.number().min(least).optional().describe(meaning),
      ]),
    ) as Readonly<Record<keyof T, z.ZodOptional<z.ZodNumber>>>,
  );

const TIMINGS: Readonly<Record<keyof Timings, string>> = {
  helloMs: 'start of a process until its hello',
  confirmMs: 'start of a process until it has confirmed that it is ready; at least helloMs, where only that is set',
  pingIntervalMs: 'between two pings',
  pongGraceMs: 'ping until its answer',
  preMs: 'deadline of a pre call',
  executeMs: 'deadline of an execute call',
  drainMs: 'how long a stop waits for calls',
  shutdownMs: 'shutdown until the process has left by itself; then SIGTERM',
  terminateMs: 'SIGTERM until SIGKILL',
  reapMs: 'SIGKILL until the process is written off',
  waitMs: 'how long a call may wait for a process',
  watchMs: 'between two looks at what a process takes of CPU and memory; 0: none',
  rollbackRetryMs: 'until a rollback that failed is tried again',
  flowIdleMs: 'a flow without a call for so long has ended',
};

const RESTART: Readonly<Record<Exclude<keyof RestartPolicy, 'cooldownMs'>, string>> = {
  immediateRestarts: 'losses inside the window that are answered at once',
  breakerLosses: 'the loss with this number inside the window ends restarting',
  windowMs: 'window in which losses count',
  backoffMs: 'pause before the first restart that is not immediate; doubles each time',
  backoffMsMax: 'longest pause',
  jitterShare: 'share of the pause that chance may add, 0 to 1',
};

const PROBATION: Readonly<Record<keyof ProbationPolicy, string>> = {
  durationMs: 'how long the release before stays warm after a switch; 0: no probation',
  errorsMax: 'calls that may fail; one more returns the PID',
  callsMin: 'calls that must be served before probation ends',
};

const bytesOrNone = z.number().int().min(1).nullable().optional();

/** No interpreter starts in less. */
const LEAST_MEMORY_BYTES = 64 * 1024 * 1024;

export const imagePolicyShape = {
  undecoded: z
    .enum(['error', 'warn'])
    .optional()
    .describe('a call whose image its reader could not decode: error 1002, or a result with a warning'),
};

/** PROC_ names are the Runner's to give (contract §11). */
const VARIABLE = /^(?!PROC_)[A-Za-z_][A-Za-z0-9_]*$/;
const NO_VARIABLE = 'is no name of a variable that may be set: letters, digits and "_", not beginning with PROC_';

export const policyShape = {
  timings: numbersLike<Timings>(1, TIMINGS)
    .extend({ watchMs: z.number().min(0).optional().describe(TIMINGS.watchMs) })
    .optional(),
  restart: numbersLike<Omit<RestartPolicy, 'cooldownMs'>>(0, RESTART)
    .extend({
      cooldownMs: z
        .number()
        .min(1)
        .nullable()
        .optional()
        .describe('so long after restarting ended, one start is tried; null: only a person starts it'),
    })
    .optional(),
  instances: z.number().int().min(1).max(64).optional().describe('processes a release runs'),
  queueLimit: z.number().int().min(0).optional().describe('calls that may wait for a release'),
  retries: z.number().int().min(0).max(100).optional().describe('further attempts of a call; 0: at most one attempt'),
  limits: z
    .strictObject({
      memoryBytes: z.int().min(LEAST_MEMORY_BYTES).optional().describe('address space a process may have'),
      processes: z.int().min(1).optional().describe('processes its user may have'),
      fileBytes: z.int().min(1).optional().describe('largest file it may write'),
    })
    .optional(),
  memory: z
    .strictObject({
      replaceBytes: bytesOrNone.describe('resident memory beyond which a process is replaced between calls'),
      killBytes: bytesOrNone.describe('resident memory beyond which a process is killed'),
    })
    .optional(),
  probation: numbersLike<ProbationPolicy>(0, PROBATION).optional(),
  fallback: z.boolean().optional().describe('after probation: return to the release before once this one is faulted'),
  replaceAfterFailures: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('failed calls in a row after which a process is replaced; left out, it stays'),
  environment: z
    .record(z.string().regex(VARIABLE, NO_VARIABLE), z.string().regex(/^[^\0]*$/, 'holds a NUL character'))
    .optional()
    .describe('variables that processes find beside what every process needs'),
  images: z.strictObject(imagePolicyShape).optional(),
};

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
  environment: {},
  images: { undecoded: 'error' },
} as const;
