import { openRegular } from './open-regular.js';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 256 * 1024;

/**
 * The lines of an ordinary file, one after the other, as far as it went when it was opened. A line ends at a line feed and
 * nowhere else: a reader for people ends it at other separators as well, and whoever may write such a one into a line
 * could begin a line of his own.
 *
 * @param bytesMax of one line; the rest of a longer one is left out
 * @throws RunnerError as openRegular; what the file system says while it is read
 */
export async function* textLines(path: string, bytesMax = 16 * 1024 * 1024): AsyncGenerator<string, void> {
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
  const handle = await openRegular(path);
  try {
    const { size } = await handle.stat();
    for (let position = 0; position < size;) {
      const wanted = Math.min(CHUNK_BYTES, size - position);
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const bytes = buffer.subarray(0, bytesRead);
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
    await handle.close();
  }
}
