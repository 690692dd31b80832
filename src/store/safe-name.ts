import { RunnerError } from '../base/errors/index.js';
import { fileNameProblem } from '../base/files/index.js';

const SHOWN_CHARACTERS = 128;

export type NameKind = 'pid' | 'name' | 'version' | 'zip';

/**
 * @returns the text itself
 * @throws RunnerError invalid_pid for a PID, invalid_usage for the rest: it would leave its folder, hide, or mean
 * another file on another system
 */
export function requireSafeFileName(kind: NameKind, text: string): string {
  const problem = fileNameProblem(text);
  if (problem === undefined) return text;
  const shown = text.slice(0, SHOWN_CHARACTERS);
  throw new RunnerError(
    kind === 'pid' ? 'invalid_pid' : 'invalid_usage',
    `The ${LABELS[kind]} ${JSON.stringify(shown)} cannot be used as a file name: it ${problem}.`,
    { hint: 'Use letters, digits, "_", "-" and "." in the middle.', details: { kind, text: shown } },
  );
}

const LABELS: Readonly<Record<NameKind, string>> = {
  pid: 'PID',
  name: 'algorithm name',
  version: 'version',
  zip: 'zip file name',
};
