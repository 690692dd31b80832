import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunnerError } from '../errors/index.js';
import { listTraceFiles, parseTraceName } from './file-names.js';
import type { TraceFileName } from './file-names.js';
import { gapRecord } from './gap.js';
import { readBlocks, readStandings, readTrace, readTraceHeader } from './reader.js';
import type { BlockChoice } from './reader.js';
import { lastWords } from './retention.js';
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

const FILES_OPEN_MAX = 16;

/** The runs whose traces lie in a folder, the oldest first; none when it is not there. */
export async function listTraceRuns(folder: string): Promise<readonly TraceRun[]> {
  const runs = new Map<string, TraceFileName[]>();
  for (const file of await listTraceFiles(folder)) runs.set(file.run, [...(runs.get(file.run) ?? []), file]);
  const described: TraceRun[] = [];
  const waiting = [...runs];
  while (waiting.length > 0) {
    const batch = waiting.splice(0, FILES_OPEN_MAX);
    described.push(...(await Promise.all(batch.map(([run, files]) => describe(run, files)))));
  }
  return described;
}

/** The files of the run that a file belongs to, in order. */
export async function filesOfRun(file: string): Promise<readonly string[]> {
  const { run } = parseTraceName(file);
  const files = (await listTraceFiles(dirname(file))).filter((other) => other.run === run);
  return files.length === 0 ? [file] : files.map(({ path }) => path);
}

/**
 * Reads the whole run that a file belongs to, as far as its files are kept, as one sequence. What could not be written
 * comes as a record with the event GAP.
 *
 * @returns the header of its last file, at the end
 * @throws RunnerError as readTrace; store_corrupt when a file in the middle is missing
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
  /** Told before each file is read: how many have been. */
  readonly onFile?: ((read: number) => void) | undefined;
  /** Where actors stood comes, too, wherever what led there is not among the files. */
  readonly withStandings?: boolean;
  /** Asked before each file is read which of its blocks are wanted; null: all of them. */
  readonly choose?: ((file: string) => Promise<BlockChoice | null>) | undefined;
}

/**
 * Files of one run that follow each other, as one sequence, block by block.
 *
 * @throws RunnerError as readRun
 */
export async function* readRunBlocks(
  files: readonly string[],
  { onFile = () => undefined, withStandings = false, choose }: RunBlocksOptions = {},
): AsyncGenerator<readonly TraceRecord[], TraceHeader> {
  let last = 0;
  let header: TraceHeader | null = null;
  for (const [i, path] of files.entries()) {
    onFile(i);
    const { gap, ...facts } = await readTraceHeader(path);
    if (i > 0 && gap === undefined && facts.first_seq !== last + 1) throw missing(path, last + 1, facts.first_seq);
    if (gap !== undefined) yield [gapRecord(facts, gap)];
    if (withStandings && (i === 0 || gap !== undefined)) yield await standingRecords(path);
    const blocks = readBlocks(path, (await choose?.(path)) ?? null);
    try {
      for (let next = await blocks.next(); ; next = await blocks.next()) {
        if (next.done === true) {
          ({ header, lastSeq: last } = next.value);
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

const missing = (path: string, from: number, to: number): RunnerError =>
  new RunnerError('store_corrupt', `Records ${from} to ${to - 1}, before ${path}, are missing.`, {
    hint: 'A file of this run was removed or cut off. Read its files one by one.',
    details: { file: path, from_seq: from, to_seq: to - 1 },
  });

async function describe(run: string, files: readonly TraceFileName[]): Promise<TraceRun> {
  const paths = files.map(({ path }) => path);
  const [first = '', last = ''] = [paths[0], paths.at(-1)];
  const sizes = await Promise.all(paths.map((path) => stat(path).catch(() => ({ size: 0 }))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  try {
    const header = await readTraceHeader(first);
    const gaps = await gapsIn(paths);
    const { end, lastSeq } = await endOf(last);
    const startedMs = Date.parse(header.started_at) - header.at_us / 1000;
    const records = lastSeq - header.first_seq + 1;
    const facts = { startedMs, runnerVersion: header.runner, firstSeq: header.first_seq, records };
    return { run, files: paths, bytes, end, gaps, problem: null, ...facts };
  } catch (error) {
    const nothing = { startedMs: null, runnerVersion: null, firstSeq: null, records: null };
    return {
      run,
      files: paths,
      bytes,
      end: null,
      gaps: [],
      problem: error instanceof RunnerError ? error.message : String(error),
      ...nothing,
    };
  }
}

/** What could not be written before each of these files was begun. @throws as readTraceHeader */
export async function gapsIn(files: readonly string[]): Promise<readonly TraceRunGap[]> {
  const gaps: TraceRunGap[] = [];
  for (const file of files) {
    const { gap, first_seq: beforeSeq } = await readTraceHeader(file);
    if (gap === undefined) continue;
    gaps.push({ beforeSeq, missing: beforeSeq - gap.from_seq, since: gap.since, reason: gap.reason });
  }
  return gaps;
}

/** A file that was brought to its end says so; any other is read through. */
async function endOf(file: string): Promise<{ end: TraceEnd; lastSeq: number }> {
  const said = lastWords(file);
  if (said !== null) return { end: said.end, lastSeq: said.last_seq };
  let lastSeq = (await readTraceHeader(file)).first_seq - 1;
  for await (const { seq } of readTrace(file)) lastSeq = seq;
  return { end: null, lastSeq };
}
