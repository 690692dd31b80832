import { relative } from 'node:path';

/** A path as a person types it: relative where that is shorter to write. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}
