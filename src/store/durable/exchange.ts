import { isVisible, withVisible } from './failure.js';
import type { FileSystem } from './file-system.js';
import { nodeFileSystem } from './node-file-system.js';
import { removeDurable } from './move.js';
import { writeFileDurable } from './write.js';

/** Content of a small file; undefined: no file. */
export type Content = Uint8Array | undefined;

/**
 * Changes a file from one known content to another, and back again should the change be in place but not known to be
 * durable: after a failure the reader sees what was there before, so that file and memory agree.
 * @throws RunnerError store_io_failed; `details.visible` only when the way back failed too, `details.settled` false when
 * it is not known to be durable either
 */
export async function exchangeFile(
  path: string,
  change: { readonly from: Content; readonly to: Content },
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  try {
    await put(path, change.to, fs);
  } catch (error) {
    if (!isVisible(error)) throw error;
    const failedBack = await put(path, change.from, fs).then(
      () => undefined,
      (why: unknown) => ({ visible: !isVisible(why) }),
    );
    throw withVisible(error, failedBack?.visible ?? false, failedBack === undefined);
  }
}

function put(path: string, content: Content, fs: FileSystem): Promise<void> {
  return content === undefined ? removeDurable(path, fs) : writeFileDurable(path, content, {}, fs);
}
