import type { FileHandle } from 'node:fs/promises';
import { utf8Whole } from '../../base/text/index.js';
import type { ArchiveEntry } from '../archive/archive.js';
import { entryChunks } from '../archive/entry-chunks.js';

/** Everything on one line of a wheel's metadata is a path, a header or a requirement; base64 pictures are the longest. */
const LINE_BYTES_MAX = 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a text in an archive as its bytes come, each decoded strictly, without its end: LF, CR LF or CR. What
 * holds the whole text never is in memory at once, and the event loop has its turn between the pieces.
 *
 * @throws RunnerError invalid_zip as `entryChunks` does; LineProblem
 */
export async function* linesOf(handle: FileHandle, entry: ArchiveEntry): AsyncGenerator<string, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let wasReturn = false;
  for await (const piece of entryChunks(handle, entry)) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let at = rest.length; at < bytes.length; at += 1) {
      const byte = bytes[at];
      const isSecondHalf = byte === LINE_FEED && wasReturn;
      wasReturn = byte === CARRIAGE_RETURN;
      if (isSecondHalf) start = at + 1;
      else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
        yield decoded(bytes.subarray(start, at));
        start = at + 1;
      }
    }
    rest = bytes.subarray(start);
    if (rest.length > LINE_BYTES_MAX) throw new LineProblem(`has a line of more than ${LINE_BYTES_MAX} bytes`);
  }
  if (rest.length > 0) yield decoded(rest);
}

/** What is wrong with a text, as the end of a sentence. */
export class LineProblem extends Error {}

function decoded(bytes: Buffer): string {
  if (bytes.length > LINE_BYTES_MAX) throw new LineProblem(`has a line of more than ${LINE_BYTES_MAX} bytes`);
  const text = utf8Whole(bytes);
  if (text === undefined) throw new LineProblem('is not UTF-8');
  return text;
}
