import { resolve } from 'node:path';
import { z } from 'zod';
import { RunnerError, toFault } from '../../base/errors/index.js';
import type { RunnerOptions } from './options.js';
import { whoSchema } from './who.js';
import { settingsShape } from './settings/settings-schema.js';

/** What a host passes is judged before anything is opened: a misspelt deadline must not silently be the default. */
const options = z.strictObject({
  store: z.string().min(1),
  ...settingsShape,
  resume: z.boolean().optional(),
  actor: whoSchema.optional(),
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
