import { readdirSync, readFileSync } from 'node:fs';

/**
 * Living processes with this text in their environment: every algorithm is told its place in the store, so the store's
 * path is a cookie that finds whatever the campaign has started, whoever its parent is by now.
 */
export function livingWith(cookie: string): readonly { readonly osPid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      // A zombie has no environment any more.
      if (!read(`/proc/${name}/environ`).includes(cookie)) return [];
      return [{ osPid: Number(name), command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim() }];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // gone meanwhile, or somebody else's
  }
}
