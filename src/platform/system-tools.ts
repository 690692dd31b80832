import { realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where a system keeps its own tools. The PATH is not asked: anybody may have set it. */
const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/run/current-system/sw/bin'];
const ROOT_UID = 0;
const WRITABLE_BY_OTHERS = 0o022;

/** The absolute path of a tool of this system, as far as nobody but root could have put it there. */
export function systemTool(name: string, folders: readonly string[] = FOLDERS): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isTrusted);
}

/** It, what it links to and every folder above belong to root, and nobody else may write there. */
function isTrusted(path: string): boolean {
  try {
    const real = realpathSync(path);
    if (!statSync(real).isFile()) return false;
    return [...pathsTo(real), ...pathsTo(dirname(path))].every((part) => {
      const { uid, mode } = statSync(part);
      return uid === ROOT_UID && (mode & WRITABLE_BY_OTHERS) === 0;
    });
  } catch {
    return false;
  }
}

function pathsTo(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...pathsTo(above)];
}
