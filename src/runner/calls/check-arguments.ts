import { z } from 'zod';
import { DEFAULT_PROBATION } from '../../../machines/probation.js';
import { RunnerError, showValue, toFault } from '../../base/errors/index.js';
import { isObject } from '../../base/json/index.js';
import { TIMER_MS_MAX } from '../../platform/index.js';
import { whoSchema } from '../options/who.js';

/**
 * What a host passes to the methods of a Runner and of a flow. A host in JavaScript may pass anything: it is refused by
 * the name of the argument before anything is begun, and a misspelt deadline is never silently the default.
 *
 * What is inside an image, the parameters and the context is checked by those who read them.
 */

const milliseconds = z.number().positive().max(TIMER_MS_MAX).optional();
const listener = z.custom<unknown>((value) => typeof value === 'function', 'expected a function').optional();
const signal = z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'expected an AbortSignal').optional();
const image = z.custom<unknown>(
  (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
  'expected a path, the bytes of a file, or pixels',
);
const dictionary = z.custom<object>(isObject, 'expected an object');
const release = z.string().min(1);
const pid = z.string().min(1);
const pids = z.array(pid);
const stepIndex = z.int();
const who = { who: whoSchema.optional() };
const by = z.strictObject(who);
const forced = z.strictObject({ ...who, force: z.boolean().optional() });

const change = { ...who, until: z.enum(['committed', 'confirmed']).optional(), signal, onProgress: listener };
const probation = z
  .strictObject(Object.fromEntries(Object.keys(DEFAULT_PROBATION).map((key) => [key, z.number().min(0).optional()])))
  .optional();

const call = {
  image: image.optional(),
  timeoutMs: milliseconds,
  deadlineMs: milliseconds,
  retries: z.int().min(0).max(100).optional(),
  signal,
  cameraId: z.string().optional(),
  timestampMs: z.number().min(0).max(8.64e15).optional(),
  passThrough: z.boolean().optional(),
};
const step = z.strictObject({ stepIndex, options: z.strictObject({ ...call, params: dictionary.optional() }) });
const flow = { pid, context: dictionary.optional() };
const inspection = {
  ...call,
  steps: z.array(stepIndex).optional(),
  params: z.record(z.string(), dictionary.optional()).optional(),
};

const ARGUMENTS = {
  install: z.strictObject({
    zip: z.string().min(1),
    options: z.strictObject({
      ...who,
      target: z.enum(['Validated', 'Deployed', 'Running']).optional(),
      onProgress: listener,
    }),
  }),
  activate: z.strictObject({ release, pids, by }),
  deactivate: z.strictObject({ pids, by }),
  switch: z.strictObject({ pids, release, options: z.strictObject({ ...change, probation }) }),
  rollback: z.strictObject({ pid, options: z.strictObject({ ...change, to: release.optional() }) }),
  confirm: z.strictObject({ pids: pids.min(1), by }),
  cancel: z.strictObject({ operationId: z.int() }),
  history: z.strictObject({ pid }),
  start: z.strictObject({ release, by }),
  stop: z.strictObject({ release, options: forced }),
  uninstall: z.strictObject({ release, options: forced }),
  prune: z.strictObject({
    options: z.strictObject({ ...who, keep: z.int().min(0).optional(), remove: z.boolean().optional() }),
  }),
  routeOf: z.strictObject({ pid }),
  form: z.strictObject({ release, stepIndex }),
  openFlow: z.strictObject({ options: z.strictObject(flow) }),
  detect: z.strictObject({ options: z.strictObject({ ...flow, ...inspection }) }),
  reserveImage: z.strictObject({ shape: dictionary, options: z.strictObject({ pid: pid.optional() }) }),
  close: z.strictObject({ options: z.strictObject({ hurry: z.boolean().optional() }) }),
  'flow.pre': step,
  'flow.execute': step,
  'flow.step': step,
  'flow.detect': z.strictObject({ options: z.strictObject(inspection) }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type Method = keyof typeof ARGUMENTS;

/** @throws RunnerError invalid_usage naming each argument that is wrong */
export function checkArguments(method: Method, given: Readonly<Record<string, unknown>>): void {
  const problems = problemsOf(method, given);
  if (problems.length === 0) return;
  throw new RunnerError('invalid_usage', `${method} was called with wrong arguments: ${problems.join('; ')}.`, {
    hint: 'See the declarations of Runner and Flow for what each method takes.',
    details: { method, problems },
  });
}

function problemsOf(method: Method, given: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    const result = ARGUMENTS[method].safeParse(given);
    if (result.success) return [];
    return result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  } catch (error) {
    return [`they cannot be read (${showValue(toFault(error).message)})`]; // a getter or a proxy that throws
  }
}
