import { InvalidArgumentError } from 'commander';
import { usage } from './failure.js';

export const RELEASE = ['<release>', 'name@version, as `procvision ls` shows it'] as const;

/** @throws RunnerError invalid_usage before the store is opened */
export function requireRelease(text: string): string {
  const at = text.indexOf('@');
  if (at > 0 && at < text.length - 1) return text;
  throw usage(
    `"${text}" is not a release: it has to be name@version.`,
    'List the releases of the store with `procvision ls`.',
  );
}

/** For options that take a whole number from `least` on. */
const countFrom =
  (least: number) =>
  (text: string): number => {
    const number = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least}.`);
  };

export const countFrom0 = countFrom(0);
export const countFrom1 = countFrom(1);
