import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root: this file lies at different depths in the sources and in the build. */
const ROOT = (() => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder))
    if (existsSync(join(folder, 'package.json'))) return folder;
})();

/** A file of the sources that no build copies. */
export const sourceFile = (path: string): string => join(ROOT, path);
