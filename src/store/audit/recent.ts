import { closeQuietlyAfter, io, nodeFileSystem, openToRead, readChunks } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import { readLine } from './record.js';
import type { AuditRecord } from './record.js';

/** Some ten thousand records. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/**
 * The last records of a trail, oldest first; reads only its end, and needs no lock. What is no record is passed over:
 * `verifyAudit` is there to name it.
 * @param only how much of the end is read, in bytes, and a text without which a line is passed over
 * @throws RunnerError store_io_failed
 */
export async function readRecent(
  path: string,
  only: { readonly bytes?: number; readonly mark?: string } = {},
  fs: FileSystem = nodeFileSystem,
): Promise<readonly AuditRecord[]> {
  const opened = await openToRead(path, fs);
  if (opened.kind !== 'open') return [];
  const { file } = opened;
  const { bytes = WINDOW_BYTES, mark = '' } = only;
  return closeQuietlyAfter(file, async () => {
    const { size } = await io('stat', path, () => file.facts());
    const start = Math.max(0, size - bytes);
    const chunks: Uint8Array[] = [];
    await readChunks(path, file, (chunk) => chunks.push(Uint8Array.from(chunk)), { start, end: size });
    const lines = Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1); // behind the last one: cut short
    return lines.flatMap((text) => {
      const line = text.includes(mark) ? readLine(text) : undefined;
      return line === undefined || line.kind === 'garbage' ? [] : [line.record];
    });
  });
}
