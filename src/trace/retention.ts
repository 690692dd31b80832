import { closeSync, constants, fstatSync, lstatSync, readdirSync, readSync, rmSync } from 'node:fs';
import { openRegularSync } from '../base/files/index.js';
import { tracesIn } from './file-names.js';
import type { TraceFileName } from './file-names.js';
import { endLine } from './schema.js';
import type { TraceEndFacts } from './schema.js';

/**
 * Which traces of a store are kept: by bytes and by age, never by how many files there are.
 *
 * INVARIANTS
 * - Files with failures or without an end are kept longer than others: each of the two kinds can displace the other only
 *   down to half of the bytes there are.
 * - Age is counted from file to file, and a pause between two of them as a week at most: a clock that was wrong, or a
 *   Runner that did not run for a year, removes nothing.
 * - The file being written stays, and so does whatever is none of ours.
 */
export interface TraceRetention {
  readonly bytesMax: number;
  readonly ageMaxDays: number;
}

/** What the smallest file takes of a disk. */
const FILE_BYTES_MIN = 4096;
const DAY_MS = 24 * 60 * 60 * 1000;
const PAUSE_MS_MAX = 7 * DAY_MS;

interface Kept extends TraceFileName {
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** So many of the oldest files are judged by what they hold; it takes some ten milliseconds. */
const JUDGED_MAX = 256;

/** @param present the file being written @throws what the file system says when the folder cannot be read */
export function pruneTraces(folder: string, { bytesMax, ageMaxDays }: TraceRetention, present: string): void {
  const files = tracesIn(readdirSync(folder, { withFileTypes: true }), folder).flatMap(factsOf);
  const young = withoutOld(files, ageMaxDays * DAY_MS, present);
  let total = bytesOf(young);
  if (total <= bytesMax) return;
  const others = young.filter(({ path }) => path !== present);
  const telling = new Map<Kept, boolean>();
  while (total > bytesMax) {
    const plain = oldestPlain(others, telling);
    const tellingBytes = bytesOf(others.filter((file) => telling.get(file) === true));
    const isPlainsTurn = plain !== undefined && total - tellingBytes > bytesMax / 2;
    const victim = isPlainsTurn ? plain : others[0];
    if (victim === undefined) return;
    others.splice(others.indexOf(victim), 1);
    total -= victim.bytes;
    remove(victim.path);
  }
}

/** Only the oldest file of a run, so that the rest of the run has no hole. */
function oldestPlain(files: readonly Kept[], telling: Map<Kept, boolean>): Kept | undefined {
  const runs = new Set<string>();
  for (const file of files.slice(0, JUDGED_MAX)) {
    if (runs.has(file.run)) continue;
    runs.add(file.run);
    const tells = telling.get(file) ?? isTelling(file.path);
    telling.set(file, tells);
    if (!tells) return file;
  }
  return undefined;
}

function withoutOld(files: readonly Kept[], ageMaxMs: number, present: string): readonly Kept[] {
  let ageMs = 0;
  let nextMs = files.at(-1)?.modifiedMs ?? 0;
  const young: Kept[] = [];
  for (const file of [...files].reverse()) {
    ageMs += Math.min(Math.max(0, nextMs - file.modifiedMs), PAUSE_MS_MAX);
    nextMs = file.modifiedMs;
    if (ageMs <= ageMaxMs || file.path === present) young.unshift(file);
    else remove(file.path);
  }
  return young;
}

function factsOf(file: TraceFileName): readonly Kept[] {
  const stats = lstatSync(file.path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  return [{ ...file, bytes: Math.max(stats.size, FILE_BYTES_MIN), modifiedMs: stats.mtimeMs }];
}

const bytesOf = (files: readonly Kept[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Its Runner was killed, or it holds failures. */
function isTelling(path: string): boolean {
  const end = lastWords(path);
  return end === null || (end.failures ?? 0) > 0;
}

const LAST_BYTES = 512;

/** How a file that was brought to its end says it ended; null: it does not. */
export function lastWords(path: string): TraceEndFacts | null {
  let descriptor: number | undefined;
  try {
    descriptor = openRegularSync(path, constants.O_RDONLY);
    return lastWordsIn(descriptor, fstatSync(descriptor).size);
  } catch {
    return null; // whoever reads it says what it is
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The same of a file that is open. @throws what the file system says */
export function lastWordsIn(descriptor: number, size: number): TraceEndFacts | null {
  const bytes = Buffer.alloc(LAST_BYTES);
  const read = readSync(descriptor, bytes, 0, LAST_BYTES, Math.max(0, size - LAST_BYTES));
  const line = bytes.toString('utf8', 0, read).split('\n').at(-3) ?? '';
  try {
    return endLine.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null; // whatever it is, it is no end
  }
}

/** How a file ends and how many failures it counted; one without an end may hold any. */
export function hasFailures(path: string): {
  readonly end: TraceEndFacts['end'] | null;
  readonly failures: number | null;
} {
  const words = lastWords(path);
  return { end: words?.end ?? null, failures: words?.failures ?? null };
}

/** Its Runner closed, and the run ends with it. */
export const isClosedFile = (path: string): boolean => lastWords(path)?.end === 'closed';

function remove(path: string): void {
  try {
    rmSync(path);
  } catch {
    // Removing it failed; the next file tries again.
  }
}
