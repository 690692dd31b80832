import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

const SUFFIX = '.trace.jsonl';
const PART_DIGITS = 4;

/** Where a file belongs, as far as its name says: `2026-11-20T08-00-00-000Z-4711.0002.trace.jsonl`. */
export interface TraceFileName {
  readonly path: string;
  readonly run: string;
  readonly part: number;
}

/**
 * A name for one life of a Runner; names sort in the order the Runners were opened. A host whose clock was put back, or
 * that numbers its processes alike at every start, may have used it before.
 */
export function freeRunName(folder: string, startedAt: string): string {
  const name = `${startedAt.replace(/[:.]/g, '-')}-${process.pid}`;
  let run = name;
  for (let n = 2; existsSync(tracePath(folder, run, 1)); n++) run = `${name}-${n}`;
  return run;
}

export const tracePath = (folder: string, run: string, part: number): string =>
  join(folder, `${run}.${String(part).padStart(PART_DIGITS, '0')}${SUFFIX}`);

export const isTraceName = (name: string): boolean => name.endsWith(SUFFIX);

/** Files of format 1 have no part: each is a run of its own. */
export function parseTraceName(path: string): TraceFileName {
  const name = basename(path).replace(/\.trace\.jsonl$/, '');
  const [, run, part] = /^(.*)\.(\d+)$/.exec(name) ?? [];
  return { path, run: run ?? name, part: Number(part ?? 1) };
}

/** In the order in which they were begun. */
export const byBegin = (a: TraceFileName, b: TraceFileName): number =>
  a.run === b.run ? a.part - b.part : a.run < b.run ? -1 : 1;

/** The files of a folder in the order they were begun; none when the folder is not there. */
export async function listTraceFiles(folder: string): Promise<readonly TraceFileName[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(isTraceName)
    .map((name) => parseTraceName(join(folder, name)))
    .sort(byBegin);
}
