import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { ArchiveEntry } from '../archive/archive.js';
import { entryChunks } from '../archive/entry-chunks.js';
import { linesOf } from './lines.js';
import { parseRecordLine } from './record.js';
import type { RecordLine } from './record.js';
import { wheelRefusal } from './wheel-refusal.js';

/** RECORD cannot hold its own hash, nor those of what signs it. */
const UNRECORDED = ['RECORD', 'RECORD.jws', 'RECORD.p7s'];
/** Lines for files a wheel does not hold are of no use; those that come by the thousand serve something else. */
const LINES_PER_FILE_MAX = 4;
const SHOWN_MAX = 3;

/**
 * Reads every file of a wheel and holds it against RECORD: a hash that is there has to be true. Gaps do no harm, since
 * the wheel as a whole is pinned by its own hash: they are told.
 *
 * @param info the .dist-info folder
 * @returns warnings
 * @throws RunnerError invalid_zip; LineProblem
 */
export async function checkRecord(
  handle: FileHandle,
  file: string,
  files: ReadonlyMap<string, ArchiveEntry>,
  info: string,
): Promise<readonly string[]> {
  const refuse = (problem: string, inside = `${info}/RECORD`) => wheelRefusal('wheel_record', file, problem, inside);
  const record = files.get(`${info}/RECORD`);
  if (record === undefined) throw refuse('has no readable RECORD');
  const recorded = new Map<string, RecordLine[]>();
  let count = 0;
  for await (const row of linesOf(handle, record)) {
    if (row === '') continue;
    const line = parseRecordLine(row);
    if (line === undefined) throw refuse('has no readable RECORD');
    if ((count += 1) > LINES_PER_FILE_MAX * files.size + 100) throw refuse('has a RECORD of far more lines than files');
    recorded.set(line.path, [...(recorded.get(line.path) ?? []), line].slice(0, LINES_PER_FILE_MAX));
  }

  const isExempt = (path: string): boolean => UNRECORDED.some((name) => path === `${info}/${name}`);
  const twice = [...recorded].filter(([, lines]) => lines.length > 1).map(([path]) => path);
  const unhashed: string[] = [];
  for (const [path, entry] of files) {
    const hashes = (recorded.get(path) ?? []).flatMap(({ hash }) => hash ?? []);
    recorded.delete(path);
    if (hashes.length === 0 && !isExempt(path)) unhashed.push(path);
    const actual = hashes.map(({ algorithm }) => createHash(algorithm));
    for await (const chunk of entryChunks(handle, entry)) for (const hash of actual) hash.update(chunk);
    const isTrue = actual.every((hash, at) => hash.digest('base64url') === hashes[at]?.digest);
    if (!isTrue) throw refuse(`holds ${path} with another content than recorded`, path);
  }
  const absent = [...recorded.keys()].filter((path) => !isExempt(path));
  return [
    ...told(file, 'holds files without a hash in its RECORD', unhashed),
    ...told(file, 'records files that it does not hold', absent),
    ...told(file, 'records files twice', twice),
  ];
}

function told(file: string, what: string, paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  const more = paths.length > SHOWN_MAX ? ` and ${paths.length - SHOWN_MAX} more` : '';
  return [`${file} ${what}: ${paths.slice(0, SHOWN_MAX).join(', ')}${more}`];
}
