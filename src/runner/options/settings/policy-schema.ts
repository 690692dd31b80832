import { z } from 'zod';
import { OPTION_WORDS, POLICY_DEFAULTS as OF_RELEASES } from '../../../../machines/words/index.js';
import type { ProbationPolicy } from '../../../../machines/probation.js';
import type { RestartPolicy } from '../../../../machines/restart-policy.js';
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

const { timings, restart, memory, limits, probation, single } = OPTION_WORDS;
const { cooldownMs, ...restartNumbers } = restart;

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
  timings: numbersLike<Timings>(1, timings)
    .extend({ watchMs: z.number().min(0).optional().describe(timings.watchMs) })
    .optional(),
  restart: numbersLike<Omit<RestartPolicy, 'cooldownMs'>>(0, restartNumbers)
    .extend({
      cooldownMs: z.number().min(1).nullable().optional().describe(cooldownMs),
    })
    .optional(),
  instances: z.number().int().min(1).max(64).optional().describe(single.instances),
  queueLimit: z.number().int().min(0).optional().describe(single.queueLimit),
  retries: z.number().int().min(0).max(100).optional().describe(single.retries),
  limits: z
    .strictObject({
      memoryBytes: z.int().min(LEAST_MEMORY_BYTES).optional().describe(limits.memoryBytes),
      processes: z.int().min(1).optional().describe(limits.processes),
      fileBytes: z.int().min(1).optional().describe(limits.fileBytes),
    })
    .optional(),
  memory: z
    .strictObject({
      replaceBytes: bytesOrNone.describe(memory.replaceBytes),
      killBytes: bytesOrNone.describe(memory.killBytes),
    })
    .optional(),
  probation: numbersLike<ProbationPolicy>(0, probation).optional(),
  fallback: z.boolean().optional().describe(single.fallback),
  replaceAfterFailures: z.number().int().min(1).optional().describe(single.replaceAfterFailures),
  environment: z
    .record(z.string().regex(VARIABLE, NO_VARIABLE), z.string().regex(/^[^\0]*$/, 'holds a NUL character'))
    .optional()
    .describe('variables that processes find beside what every process needs'),
  images: z.strictObject(imagePolicyShape).optional(),
};

export const POLICY_DEFAULTS = { ...OF_RELEASES, environment: {}, images: { undecoded: 'error' } } as const;
