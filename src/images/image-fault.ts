import { fault, RunnerError } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';
import type { DecodeLimits } from './limits.js';

/** An image that cannot be used: 1002, saying what is wrong with it. */
export function imageFault(problem: string, cause?: unknown): RunnerError {
  return new RunnerError('image_load_failed', `The image cannot be used: ${problem}.`, { cause });
}

/** Options of `procvision detect` for the same. */
const OPTIONS: Readonly<Record<string, string>> = { pixelsMax: ', or with `--pixels-max` of `detect`' };

/** An image beyond one of the limits: 1002, naming the setting. */
export function beyondLimit(problem: string, setting: keyof DecodeLimits, limit: number): RunnerError {
  return new RunnerError('image_load_failed', `The image cannot be used: ${problem}.`, {
    hint: `If such images are meant to be taken, raise \`images.${setting}\` (now ${limit}) in settings.json of the store, in the options of the Runner${OPTIONS[setting] ?? ''}.`,
    details: { setting: `images.${setting}`, limit },
  });
}

/** Something about an image that was decoded; stands in the warnings of the call. */
export const imageWarning = (problem: string, details: Readonly<Record<string, unknown>> = {}): Fault =>
  fault('image_doubtful', problem, { details });
