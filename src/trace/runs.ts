import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { RunnerError } from '../base/errors/index.js';
import { listTraceFiles, parseTraceName } from './file-names.js';
import { lastRecordOf, lookAt } from './first-look.js';
import type { TraceFileName } from './file-names.js';
import { gapBefore, gapRecord } from './gap.js';
import type { ReadBefore } from './gap.js';
import { readBlocks, readStandings, readTraceHeader } from './reader.js';
import type { BlockChoice, OnShare } from './reader.js';
import type { TraceEnd, TraceHeader, TraceRecord } from './schema.js';

/** One life of a Runner, as far as its files are kept. */
export interface TraceRun {
  readonly run: string;
  /** Absolute or as the folder was given, in the order they were written. */
  readonly files: readonly string[];
  /** Unix milliseconds; null where the files cannot be understood, as the next three. */
  readonly startedMs: number | null;
  readonly runnerVersion: string | null;
  readonly firstSeq: number | null;
  readonly records: number | null;
  readonly bytes: number;
  /** `closed`: by its Runner; null: it still runs, or was killed. */
  readonly end: TraceEnd;
  /** What could not be written, where the disk refused. */
  readonly gaps: readonly TraceRunGap[];
  /** Why its files cannot be understood. */
  readonly problem: string | null;
}

/** @property missing how many records; the last of them came before `beforeSeq` */
export interface TraceRunGap {
  readonly beforeSeq: number;
  readonly missing: number;
  /** ISO 8601. */
  readonly since: string;
  readonly reason: string;
}

/** How long the listing may hold the event loop. */
const TURN_MS = 8;

/**
 * The runs whose traces lie in a folder, the oldest first; none when it is not there.
 *
 * @param onRun told now and then how many were looked at, and how many there are
 */
export async function listTraceRuns(
  folder: string,
  onRun: (done: number, of: number) => void = () => undefined,
): Promise<readonly TraceRun[]> {
  const runs = runsOf(await listTraceFiles(folder));
  const described: TraceRun[] = [];
  let turnMs = performance.now();
  for (const [run, files] of runs) {
    described.push(await describe(run, files));
    if (performance.now() - turnMs < TURN_MS) continue;
    onRun(described.length, runs.size);
    await setImmediate();
    turnMs = performance.now();
  }
  return described;
}

/** The files of each run, in the order they were begun. */
export function runsOf(files: readonly TraceFileName[]): ReadonlyMap<string, readonly string[]> {
  const runs = new Map<string, string[]>();
  for (const { run, path } of files) {
    const own = runs.get(run);
    if (own === undefined) runs.set(run, [path]);
    else own.push(path);
  }
  return runs;
}

/** The files of the run that a file belongs to, in order. */
export async function filesOfRun(file: string): Promise<readonly string[]> {
  const { run } = parseTraceName(file);
  const files = (await listTraceFiles(dirname(file))).filter((other) => other.run === run);
  return files.length === 0 ? [file] : files.map(({ path }) => path);
}

/**
 * Reads the whole run that a file belongs to, as far as its files are kept, as one sequence. What could not be written,
 * was removed or cut off between two of them comes as a record with the event GAP.
 *
 * @returns the header of its last file, at the end
 * @throws RunnerError as readTrace; store_corrupt when a file is a copy of another or belongs to another run
 */
export async function* readRun(file: string): AsyncGenerator<TraceRecord, TraceHeader> {
  const blocks = readRunBlocks(await filesOfRun(file));
  try {
    for (let next = await blocks.next(); ; next = await blocks.next()) {
      if (next.done === true) return next.value;
      yield* next.value;
    }
  } finally {
    await blocks.return(undefined as never);
  }
}

export interface RunBlocksOptions {
  /** Told now and then how many files were read, the present one as the share of it that was. */
  readonly onRead?: ((read: number) => void) | undefined;
  /** What was read before the first of them; null: nothing, and that nothing need be. */
  readonly before?: ReadBefore | null | undefined;
  /** Where actors stood comes, too, wherever what led there is not among the files. */
  readonly withStandings?: boolean;
  /** Asked before each file is read which of its blocks are wanted; null: all of them. */
  readonly choose?: ((file: string, onShare: OnShare) => Promise<BlockChoice | null>) | undefined;
}

/**
 * Files of one run that follow each other, as one sequence, block by block.
 *
 * @throws RunnerError as readRun
 */
export async function* readRunBlocks(
  files: readonly string[],
  { onRead = () => undefined, withStandings = false, choose, before: readBefore = null }: RunBlocksOptions = {},
): AsyncGenerator<readonly TraceRecord[], TraceHeader> {
  let before = readBefore;
  let header: TraceHeader | null = null;
  for (const [i, path] of files.entries()) {
    onRead(i);
    const own = await readTraceHeader(path);
    const gap = await gapBefore(path, own, before);
    if (gap !== null) yield [gapRecord(own, gap)];
    if (withStandings && (i === 0 || gap !== null)) yield await standingRecords(path);
    // Choosing goes over the whole file, too.
    const choice = choose === undefined ? null : await choose(path, (share) => onRead(i + share / 2));
    const blocks = readBlocks(path, choice, (share) => onRead(i + (choice === null ? share : (1 + share) / 2)));
    try {
      for (let next = await blocks.next(); ; next = await blocks.next()) {
        if (next.done === true) {
          ({ header } = next.value);
          before = { file: path, run: header.run, lastSeq: next.value.lastSeq };
          break;
        }
        yield next.value;
      }
    } finally {
      await blocks.return(undefined as never);
    }
  }
  return header as TraceHeader;
}

/** Event of what is no record of a delivery: where an actor stood when a file was begun. */
export const STANDING = 'trace.standing';

export async function standingRecords(file: string): Promise<readonly TraceRecord[]> {
  const standings = await readStandings(file);
  if (standings.length === 0) return [];
  const header = await readTraceHeader(file);
  const at = { seq: header.first_seq - 1, atUs: header.at_us, timeMs: Date.parse(header.started_at) };
  return standings.map(({ s: actor, m: machine, state, ...data }) => ({
    ...at,
    ...{ actor, machine, event: STANDING, data, before: state, after: state },
  }));
}

async function describe(run: string, files: readonly string[]): Promise<TraceRun> {
  try {
    const { header, bytes, gaps, ...found } = await overviewOf(files);
    const startedMs = Date.parse(header.started_at) - header.at_us / 1000;
    const facts = { startedMs, runnerVersion: header.runner, firstSeq: header.first_seq };
    const records = found.lastSeq - header.first_seq + 1;
    return { run, files, bytes, end: found.end, gaps, problem: null, records, ...facts };
  } catch (error) {
    const sizes = await Promise.all(files.map((file) => stat(file).catch(() => ({ size: 0 }))));
    const nothing = { startedMs: null, runnerVersion: null, firstSeq: null, records: null, end: null, gaps: [] };
    const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
    return { run, files, bytes, problem: error instanceof RunnerError ? error.message : String(error), ...nothing };
  }
}

/** What files of one run say of themselves. @throws RunnerError as readRun */
async function overviewOf(files: readonly string[]) {
  const gaps: TraceRunGap[] = [];
  let header: TraceHeader | null = null;
  let before: ReadBefore | null = null;
  let end: TraceEnd = null;
  let bytes = 0;
  for (const file of files) {
    const look = await lookAt(file);
    header ??= look.header;
    const gap = await gapBefore(file, look.header, before);
    if (gap !== null) {
      const beforeSeq = look.header.first_seq;
      gaps.push({ beforeSeq, missing: beforeSeq - gap.from_seq, since: gap.since, reason: gap.reason });
    }
    before = await lastRecordOf(file, look);
    end = look.end?.end ?? null;
    bytes += look.bytes;
  }
  return { header: header as TraceHeader, lastSeq: before?.lastSeq ?? 0, end, gaps, bytes };
}

/** What is missing before and between files of one run. @throws RunnerError as readRun */
export const gapsIn = async (files: readonly string[]): Promise<readonly TraceRunGap[]> =>
  (await overviewOf(files)).gaps;
