import { join, relative } from 'node:path';
import { toFault } from '../base/errors/index.js';
import { isTempName, listIfThere, removeDurable } from './durable/index.js';
import type { FileSystem } from './durable/index.js';
import type { StoreLayout } from './layout.js';
import type { StoreProblem } from './problem.js';

/** Removes the temporary files of writers that were killed; they were never part of the store. */
export async function sweepTemporaryFiles(
  layout: StoreLayout,
  fs: FileSystem,
  folders = [layout.root, layout.active, layout.operations, layout.zips, layout.logs, layout.aside],
): Promise<StoreProblem[]> {
  const problems: StoreProblem[] = [];
  for (const folder of folders) {
    // A folder that cannot be read is named by whoever needs it.
    for (const { name, kind } of await listIfThere(folder, fs).catch(() => [])) {
      if (kind !== 'file' || !isTempName(name)) continue;
      const path = join(folder, name);
      const subject = relative(layout.root, path);
      const failure = await removeDurable(path, fs).then(
        () => undefined,
        (error: unknown) => toFault(error).message,
      );
      const message = `${subject} is a file that a killed Runner had not finished writing.`;
      problems.push({
        what: 'leftover',
        subject,
        message: failure === undefined ? message : `${message} ${failure}`,
        done: failure === undefined ? 'removed' : null,
      });
    }
  }
  return problems;
}
