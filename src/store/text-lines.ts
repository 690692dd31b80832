import { createReadStream } from 'node:fs';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 256 * 1024;

/**
 * The lines of a text file, one after the other. A line ends at a line feed and nowhere else: a reader for people ends it
 * at other separators as well, and whoever may write such a one into a line could begin a line of his own.
 *
 * @param bytesMax of one line; the rest of a longer one is left out
 * @throws what the file system says
 */
export async function* textLines(file: string, bytesMax = 16 * 1024 * 1024): AsyncGenerator<string> {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  const keep = (bytes: Buffer): void => {
    const room = bytesMax - keptBytes;
    if (room <= 0 || bytes.length === 0) return;
    kept.push(bytes.subarray(0, room));
    keptBytes += Math.min(room, bytes.length);
  };
  const taken = (): string => {
    const line = Buffer.concat(kept).toString('utf8');
    kept = [];
    keptBytes = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
        keep(bytes.subarray(from, at));
        yield taken();
        from = at + 1;
      }
      keep(bytes.subarray(from));
    }
    if (keptBytes > 0) yield taken();
  } finally {
    stream.destroy();
  }
}
