import { resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_PROBATION } from '../../machines/probation.js';
import { DEFAULT_RESTART_POLICY } from '../../machines/restart-policy.js';
import { DEFAULT_TIMINGS } from '../../machines/timings.js';
import { RunnerError, toFault } from '../errors/index.js';
import { DEFAULT_ARCHIVE_LIMITS } from '../package/index.js';
import type { RunnerOptions } from './options.js';

/** What a host passes is judged before anything is opened: a misspelt deadline must not silently be the default. */
const numbersLike = (defaults: object, least: number) =>
  z.strictObject(Object.fromEntries(Object.keys(defaults).map((key) => [key, z.number().min(least).optional()])));

const bytes = z.number().int().min(1).nullable().optional();

/** No interpreter starts in less. */
const LEAST_MEMORY_BYTES = 64 * 1024 * 1024;

const imagePolicy = { undecoded: z.enum(['error', 'warn']).optional() };

const policy = {
  timings: numbersLike(DEFAULT_TIMINGS, 1)
    .extend({ watchMs: z.number().min(0).optional() })
    .optional(),
  restart: numbersLike(DEFAULT_RESTART_POLICY, 0)
    .extend({ cooldownMs: z.number().min(1).nullable().optional() })
    .optional(),
  instances: z.number().int().min(1).max(64).optional(),
  queueLimit: z.number().int().min(0).optional(),
  retries: z.number().int().min(0).max(100).optional(),
  limits: z
    .strictObject({
      memoryBytes: z.int().min(LEAST_MEMORY_BYTES).optional(),
      processes: z.int().min(1).optional(),
      fileBytes: z.int().min(1).optional(),
    })
    .optional(),
  memory: z.strictObject({ replaceBytes: bytes, killBytes: bytes }).optional(),
  probation: numbersLike(DEFAULT_PROBATION, 0).optional(),
  fallback: z.boolean().optional(),
  images: z.strictObject(imagePolicy).optional(),
};

const options = z.strictObject({
  store: z.string().min(1),
  ...policy,
  releases: z.record(z.string(), z.strictObject(policy)).optional(),
  resume: z.boolean().optional(),
  scanIntervalMs: z.number().min(0).optional(),
  autoDeploy: z.boolean().optional(),
  zipSettleMs: z.number().min(0).optional(),
  trace: z
    .union(
      [
        z.boolean(),
        z.strictObject({
          fileBytesMax: z.int().min(1).optional(),
          bytesMax: z.int().min(1).optional(),
          ageMaxDays: z.int().min(1).optional(),
        }),
      ],
      'neither true nor false nor { fileBytesMax, bytesMax, ageMaxDays } in whole numbers from 1 on',
    )
    .optional(),
  monitor: z.boolean().optional(),
  images: z
    .strictObject({
      ...imagePolicy,
      folder: z.string().min(1).optional(),
      segments: z.number().int().min(1).max(256).optional(),
      reservationMs: z.number().int().min(1).max(2_147_483_647).optional(),
      waitingBytesMax: z.number().int().min(1).optional(),
      preferMmap: z.boolean().optional(),
      decoders: z.number().int().min(1).max(64).optional(),
      pixelsMax: z.number().int().min(1).optional(),
      sideMax: z.number().int().min(1).optional(),
      fileBytesMax: z.number().int().min(1).optional(),
      decodeMs: z.number().min(1).optional(),
    })
    .optional(),
  packageLimits: numbersLike(DEFAULT_ARCHIVE_LIMITS, 1).optional(),
  frameBytesMax: z.number().int().min(1024).optional(),
  actor: z.string().min(1).optional(),
  interpreters: z.array(z.string().min(1)).optional(),
  privateProc: z.boolean().optional(),
  keep: z.number().int().min(1).optional(),
  seed: z.number().int().optional(),
});

/** @throws RunnerError invalid_usage naming each option that is wrong */
export function checkOptions(given: RunnerOptions): void {
  const result = options.safeParse(given);
  if (result.success) return requireUsablePath(absolutePath(given.store));
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`);
  throw new RunnerError('invalid_usage', `The options of the Runner are wrong: ${problems.join('; ')}.`, {
    hint: 'See RunnerOptions for what there is.',
    details: { problems },
  });
}

/** @throws RunnerError host_unfit where the working folder is gone: nothing that is asked for later could be done */
function absolutePath(store: string): string {
  try {
    return resolve(process.cwd(), store);
  } catch (error) {
    throw RunnerError.from(toFault(error));
  }
}

/**
 * A Python environment cannot lie just anywhere: its own path stands in a list of paths, and in a file of lines. A name
 * that is not UTF-8 reaches us with replacement characters, and would be another folder.
 */
function requireUsablePath(root: string): void {
  const [unusable] = /[:\p{Cc}\p{Cs}\uFFFD]/u.exec(root) ?? [];
  if (unusable === undefined) return;
  const what = unusable === ':' ? 'a colon' : /\p{Cc}/u.test(unusable) ? 'a control character' : 'what is no UTF-8';
  throw new RunnerError('invalid_usage', `The path of the store, ${JSON.stringify(root)}, has ${what} in it.`, {
    hint: 'Name another folder: Python environments, which lie in the store, cannot be made there.',
    details: { store: root },
  });
}
