import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { ArchiveEntry } from '../archive/archive.js';
import { entryChunks } from '../archive/entry-chunks.js';
import { parseRecord } from './record.js';
import { wheelRefusal } from './wheel-refusal.js';

/** RECORD cannot hold its own hash, nor those of what signs it. */
const UNRECORDED = ['RECORD', 'RECORD.jws', 'RECORD.p7s'];

/**
 * RECORD must list every file of the wheel with its true hash, and nothing else.
 *
 * @param info the .dist-info folder
 * @throws RunnerError invalid_zip
 */
export async function checkRecord(
  handle: FileHandle,
  file: string,
  files: ReadonlyMap<string, ArchiveEntry>,
  info: string,
  text: string | undefined,
): Promise<void> {
  const refuse = (problem: string, inside = `${info}/RECORD`) => wheelRefusal('wheel_record', file, problem, inside);
  const lines = text === undefined ? undefined : parseRecord(text);
  if (lines === undefined) throw refuse('has no readable RECORD');
  const recorded = new Map(lines.map((line) => [line.path, line]));
  if (recorded.size < lines.length) throw refuse('lists a file twice in its RECORD');
  const isExempt = (path: string): boolean => UNRECORDED.some((name) => path === `${info}/${name}`);

  for (const [path, entry] of files) {
    const hash = recorded.get(path)?.hash;
    recorded.delete(path);
    if (isExempt(path)) continue;
    if (hash === undefined) throw refuse(`holds ${path} without a hash in its RECORD`, path);
    const actual = createHash(hash.algorithm);
    for await (const chunk of entryChunks(handle, entry)) actual.update(chunk);
    if (actual.digest('base64url') !== hash.digest)
      throw refuse(`holds ${path} with another content than recorded`, path);
  }
  const [missing] = [...recorded.keys()].filter((path) => !isExempt(path));
  if (missing !== undefined) throw refuse(`records ${missing}, which it does not hold`, missing);
}
