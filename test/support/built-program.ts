import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The JavaScript of a program that a test runs in a process of its own, as `npm test` builds it: sources would take
 * every such process seconds to load.
 *
 * @param source its TypeScript
 */
export const builtProgram = (source: URL): string =>
  join(PROJECT, 'dist', relative(PROJECT, fileURLToPath(source)).replace(/\.ts$/, '.js'));
