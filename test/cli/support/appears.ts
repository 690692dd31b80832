import { existsSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Resolves once a file is there; its folder has to exist. */
export function appears(path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(dirname(path), (_event, name) => {
      if (name === basename(path)) done();
    });
    const done = (): void => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    };
    done();
  });
}
