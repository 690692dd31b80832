import { closeQuietlyAfter, io, openToRead, readChunks } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import { CHAIN_START, MAX_LINE_BYTES, readLine } from './record.js';
import type { ChainEnd } from './record.js';

const WINDOW_BYTES = 4 * MAX_LINE_BYTES;

/**
 * How an audit file ends.
 *
 * @property goodBytes length up to and with the last line that is a record
 * @property damagedBytes after it: a line cut short by a crash, or what a power loss left in place of it
 */
export type AuditTail =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unfit'; readonly reason: string }
  | { readonly kind: 'read'; readonly end: ChainEnd; readonly goodBytes: number; readonly damagedBytes: number };

/** Reads only the end of the file: a start costs the same after years. @throws RunnerError store_io_failed */
export async function readTail(path: string, fs: FileSystem): Promise<AuditTail> {
  const opened = await openToRead(path, fs);
  if (opened.kind !== 'open') return opened;
  const { file } = opened;
  return closeQuietlyAfter(file, async () => {
    const { size } = await io('stat', path, () => file.facts());
    const start = Math.max(0, size - WINDOW_BYTES);
    const chunks: Uint8Array[] = [];
    await readChunks(path, file, (chunk) => chunks.push(Uint8Array.from(chunk)), { start, end: size });
    const window = Buffer.concat(chunks);
    const last = lastRecord(window);
    if (last === undefined && start > 0) return { kind: 'unfit', reason: 'ends in something that is no audit record' };
    if (last === undefined) return { kind: 'read', end: CHAIN_START, goodBytes: 0, damagedBytes: size };
    const goodBytes = start + last.endsAt;
    return { kind: 'read', end: last.end, goodBytes, damagedBytes: size - goodBytes };
  });
}

/** The last complete line that is a record, and where it ends; an edited one counts, `verify` will name it. */
function lastRecord(window: Buffer): { end: ChainEnd; endsAt: number } | undefined {
  let lineEnd = window.lastIndexOf(0x0a);
  while (lineEnd >= 0) {
    const lineStart = lineEnd === 0 ? 0 : window.lastIndexOf(0x0a, lineEnd - 1) + 1;
    const line = readLine(window.toString('utf8', lineStart, lineEnd));
    if (line.kind !== 'garbage') return { end: { seq: line.record.seq, hash: line.record.hash }, endsAt: lineEnd + 1 };
    lineEnd = lineStart - 1;
  }
  return undefined;
}
