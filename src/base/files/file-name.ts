/** Shorter than any file system's limit, with room for the suffixes the store adds. */
const BYTES_MAX = 128;
/** Control, format and lone surrogate characters, line separators, and what Windows or a path reserves. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/u;
const RESERVED_ON_WINDOWS = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/**
 * Why a text cannot be the name of one file or folder that means the same on every system, as the end of a sentence;
 * undefined when it can. Names, versions and PIDs become such names (`deployed/<name>/<version>/`, `active/<pid>.json`).
 */
export function fileNameProblem(text: string): string | undefined {
  if (text === '') return 'must not be empty';
  if (Buffer.byteLength(text) > BYTES_MAX) return `must not be longer than ${BYTES_MAX} bytes`;
  if (FORBIDDEN.test(text)) return 'must not hold any of / \\ : * ? " < > | or characters that cannot be seen';
  if (text.startsWith('.')) return 'must not begin with a dot';
  if (text !== text.trim() || text.endsWith('.')) return 'must not begin or end with a space, or end with a dot';
  if (text !== text.normalize('NFC'))
    return 'must be in Unicode normal form C: in another form, another text looks the same';
  if (RESERVED_ON_WINDOWS.test(text)) return 'is a device name on Windows';
  return undefined;
}

export const isSafeFileName = (text: string): boolean => fileNameProblem(text) === undefined;
