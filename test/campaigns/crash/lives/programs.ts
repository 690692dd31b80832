import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The programs that are killed run from the build, whether this file does or a test loads its source. */
const BUILT = join(projectRoot(), 'dist/test/campaigns/crash/programs');

/** Arguments of Node for a program under the kill switch. */
export function programArguments(name: string): string[] {
  return ['--import', pathToFileURL(join(BUILT, 'preload.js')).href, join(BUILT, `${name}.js`)];
}

/** The nearest folder above that is a package. */
export function projectRoot(folder = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(folder, 'package.json')) ? folder : projectRoot(dirname(folder));
}
