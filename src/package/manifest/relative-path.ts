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
