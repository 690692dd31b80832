import { dirname } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { io } from './failure.js';
import type { FileSystem, OpenFile } from './file-system.js';
import { syncFolder } from './folder.js';
import { nodeFileSystem } from './node-file-system.js';
import { createTemp, discardTemp } from './temp.js';

/**
 * Writes a whole file atomically and durably: fresh temporary file, fsync, rename, fsync of the folder. Whatever fails
 * and whenever the process is killed, `path` holds its old content or the new one, never a part.
 * @throws RunnerError store_io_failed; `details.visible` when only the last fsync failed and the new content is in place
 */
export async function writeFileDurable(
  path: string,
  data: string | Uint8Array,
  options: { readonly mode?: number } = {},
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const temp = await createTemp(path, options.mode ?? 0o644, (file) => writeAll(path, file, bytesOf(data)), fs);
  await publishTemp(temp, path, fs);
}

/** Renames a synced temporary file to its final name. */
export async function publishTemp(temp: string, path: string, fs: FileSystem): Promise<void> {
  try {
    await io('rename', path, () => fs.rename(temp, path));
  } catch (error) {
    await discardTemp(temp, fs);
    throw error;
  }
  await syncFolder(dirname(path), fs, true);
}

/** write(2) may take fewer bytes than asked: go on until all are written. */
export async function writeAll(path: string, file: OpenFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const rest = bytes.subarray(written);
    const taken = await io('write', path, () => file.write(rest));
    if (taken <= 0)
      throw new RunnerError('store_io_failed', `write ${path} failed: the device takes no bytes.`, {
        details: { path, operation: 'write', visible: false },
      });
    written += taken;
  }
}

export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
}
