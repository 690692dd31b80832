import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RunnerError } from '../base/errors/index.js';

const SUFFIX = '.trace.jsonl';
const PART_DIGITS = 4;
const NUMBER_DIGITS = 6;

/** Where a file belongs, as far as its name says: `000042-2026-11-20T08-00-00-000Z-4711.0002.trace.jsonl`. */
export interface TraceFileName {
  readonly path: string;
  readonly run: string;
  readonly part: number;
}

/**
 * A name for one life of a Runner. Runs are ordered by its number, never by a clock, which may be wrong.
 *
 * @throws what the file system says, but not that the folder is still to be made
 */
export function nextRunName(folder: string, startedAt: string): string {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const last = tracesIn(entries, folder).at(-1);
  const number = last === undefined ? 1 : numberOf(last.run) + 1;
  return `${String(number).padStart(NUMBER_DIGITS, '0')}-${startedAt.replace(/[:.]/g, '-')}-${process.pid}`;
}

/** The process that wrote a run; null where its name does not say. */
export function osPidOfRun(run: string): number | null {
  const [, osPid] = /Z-(\d+)$/.exec(run) ?? [];
  return osPid === undefined ? null : Number(osPid);
}

/** Runs of earlier Runners had no number; they come first, in the order of their names. */
function numberOf(run: string): number {
  const [, number] = /^(\d{6,15})-\d{4,}-/.exec(run) ?? [];
  return number === undefined ? 0 : Number(number);
}

export const tracePath = (folder: string, run: string, part: number): string =>
  join(folder, `${run}.${String(part).padStart(PART_DIGITS, '0')}${SUFFIX}`);

/** Files of format 1 have no part: each is a run of its own. */
export function parseTraceName(path: string): TraceFileName {
  const name = basename(path).replace(/\.trace\.jsonl$/, '');
  const [, run, part] = /^(.*)\.(\d+)$/.exec(name) ?? [];
  return { path, run: run ?? name, part: Number(part ?? 1) };
}

/** In the order in which they were begun. */
export function byBegin(a: TraceFileName, b: TraceFileName): number {
  if (a.run === b.run) return a.part - b.part;
  const difference = numberOf(a.run) - numberOf(b.run);
  return difference !== 0 ? difference : a.run < b.run ? -1 : 1;
}

interface Entry {
  readonly name: string;
  isFile(): boolean;
}

/** Names of what lies in a folder as a trace and is no ordinary file, which is never read: links, pipes, folders. */
export async function linkedTraces(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // whoever lists the files says why
  return entries.filter((entry) => !entry.isFile() && entry.name.endsWith(SUFFIX)).map(({ name }) => name);
}

/** Other files in the folder, and whatever is no ordinary file, are ignored. */
export const tracesIn = (entries: readonly Entry[], folder: string): TraceFileName[] =>
  entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX))
    .map(({ name }) => parseTraceName(join(folder, name)))
    .sort(byBegin);

/**
 * The files of a folder in the order they were begun; none when the folder is not there.
 *
 * @throws RunnerError store_io_failed when it cannot be read
 */
export async function listTraceFiles(folder: string): Promise<readonly TraceFileName[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new RunnerError('store_io_failed', `The folder of traces ${folder} cannot be read: ${cause.message}`, {
      cause,
      details: { folder },
    });
  });
  return tracesIn(entries, folder);
}
