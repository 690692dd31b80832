const SEPARATORS_AND_CONTROLS = /[\\/:*?"<>|\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;
const NAME_BYTES_MAX = 128;

/**
 * Why a text cannot serve as the name of one file or folder on every system; undefined when it can. Names, versions
 * and PIDs become such names (`deployed/<name>/<version>/`, `active/<pid>.json`).
 */
export function fileNameProblem(name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (name === '.' || name === '..') return 'must not be "." or ".."';
  if (SEPARATORS_AND_CONTROLS.test(name)) return 'must not hold any of / \\ : * ? " < > | or control characters';
  if (name.trim() !== name || name.endsWith('.')) return 'must not begin or end with a space, or end with a dot';
  if (DEVICE.test(name)) return 'is a device name on some systems';
  if (Buffer.byteLength(name) > NAME_BYTES_MAX) return `must not be longer than ${NAME_BYTES_MAX} bytes`;
  return undefined;
}

/** Why a text is not a relative path that stays inside its folder; undefined when it is. */
export function relativePathProblem(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (path.includes('\\')) return 'must use "/" between folders';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'must be relative to the package';
  if (/\p{Cc}/u.test(path)) return 'must not hold control characters';
  const segments = path.split('/');
  if (segments.includes('..')) return 'must not leave the package';
  if (segments.includes('')) return 'must name a file, without empty parts';
  return undefined;
}

/** `./a/./b` as `a/b`. */
export const tidyPath = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '.')
    .join('/');
