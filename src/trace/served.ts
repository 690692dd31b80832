import type { TraceFileName } from './file-names.js';
import { openRegular } from '../base/files/index.js';
import { lastWords } from './retention.js';

/**
 * The last run that served: that held calls; the last of all where none did.
 *
 * @param files of a folder, in the order they were begun
 */
export async function lastServedRun(files: readonly TraceFileName[]): Promise<string | undefined> {
  for (const { path, run } of [...files].reverse()) {
    const calls = lastWords(path)?.calls;
    if (calls === undefined ? await mentionsCalls(path) : calls > 0) return run;
  }
  return files.at(-1)?.run;
}

/** As the line that declares the kind says it. */
const MARK = Buffer.from('"e":"call.requested"');
const CHUNK_BYTES = 1024 * 1024;

/** Of a file whose Runner still writes it, was killed, or counted no calls yet. */
async function mentionsCalls(path: string): Promise<boolean> {
  try {
    const handle = await openRegular(path);
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const { size } = await handle.stat();
      for (let at = 0; at < size; at += CHUNK_BYTES - MARK.length) {
        const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, at);
        if (chunk.subarray(0, bytesRead).includes(MARK)) return true;
      }
      return false;
    } finally {
      await handle.close();
    }
  } catch {
    return false; // whoever reads it says why it cannot be read
  }
}
