import { RunnerError } from '../../base/errors/index.js';
import { ARCHIVE_HINTS } from './hints.js';
import type { ArchiveCheck } from './hints.js';

export type { ArchiveCheck } from './hints.js';

/**
 * A zip that will not be touched: 2001 naming the entry and the check that failed.
 *
 * @param problem the end of a sentence that begins with the entry: "goes up out of the archive"
 */
export function refusal(check: ArchiveCheck, problem: string, entry?: string, cause?: unknown): RunnerError {
  const subject = entry === undefined ? 'The zip' : `The zip's entry ${quote(entry)}`;
  return new RunnerError('invalid_zip', `${subject} ${problem}.`, {
    hint: ARCHIVE_HINTS[check],
    details: entry === undefined ? { check } : { check, entry },
    ...(cause === undefined ? {} : { cause }),
  });
}

const SHOWN_CHARACTERS = 120;

/** A name from outside, fit for a log line: escaped, and cut where it gets long. */
export function quote(name: string): string {
  const shown = name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name;
  return JSON.stringify(shown);
}
