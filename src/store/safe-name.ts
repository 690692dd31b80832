import { RunnerError } from '../base/errors/index.js';

/** Shorter than any file system's limit, with room for the suffixes the store adds. */
const MAX_BYTES = 128;
/** Control, format and lone surrogate characters, line separators, and what Windows or a path reserves. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/u;
const RESERVED_ON_WINDOWS = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

export type NameKind = 'pid' | 'name' | 'version' | 'zip';

/** Whether a PID, a name or a version may be used as a file name on any system, and means the same on each. */
export function isSafeFileName(text: string): boolean {
  return problemOf(text) === undefined;
}

/**
 * @returns the text itself
 * @throws RunnerError invalid_pid for a PID, invalid_usage for the rest: it would leave its folder, hide, or mean
 * another file on another system
 */
export function requireSafeFileName(kind: NameKind, text: string): string {
  const problem = problemOf(text);
  if (problem === undefined) return text;
  throw new RunnerError(
    kind === 'pid' ? 'invalid_pid' : 'invalid_usage',
    `The ${LABELS[kind]} ${JSON.stringify(text.slice(0, MAX_BYTES))} cannot be used as a file name: it ${problem}.`,
    { hint: 'Use letters, digits, "_", "-" and "." in the middle.', details: { kind, text: text.slice(0, MAX_BYTES) } },
  );
}

const LABELS: Readonly<Record<NameKind, string>> = {
  pid: 'PID',
  name: 'algorithm name',
  version: 'version',
  zip: 'zip file name',
};

function problemOf(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.startsWith('.')) return 'begins with a dot';
  if (Buffer.byteLength(text) > MAX_BYTES) return `is longer than ${MAX_BYTES} bytes`;
  if (FORBIDDEN.test(text)) return 'has a separator, a control character or one of <>:"|?*';
  if (text !== text.trim() || text.endsWith('.')) return 'begins or ends with a blank, or ends with a dot';
  if (text !== text.normalize('NFC')) return 'is not in Unicode normal form C, so another text looks the same';
  if (RESERVED_ON_WINDOWS.test(text)) return 'is a device name on Windows';
  return undefined;
}
