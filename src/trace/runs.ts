import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunnerError } from '../errors/index.js';
import { openRegular } from '../files/index.js';
import { listTraceFiles, parseTraceName } from './file-names.js';
import type { TraceFileName } from './file-names.js';
import { readBlocks, readTrace, readTraceHeader } from './reader.js';
import { endLine } from './schema.js';
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
  /** Why its files cannot be understood. */
  readonly problem: string | null;
}

/** The runs whose traces lie in a folder, the oldest first; none when it is not there. */
export async function listTraceRuns(folder: string): Promise<readonly TraceRun[]> {
  const runs = new Map<string, TraceFileName[]>();
  for (const file of await listTraceFiles(folder)) runs.set(file.run, [...(runs.get(file.run) ?? []), file]);
  return Promise.all([...runs].map(([run, files]) => describe(run, files)));
}

/** The files of the run that a file belongs to, in order. */
export async function filesOfRun(file: string): Promise<readonly string[]> {
  const { run } = parseTraceName(file);
  const files = (await listTraceFiles(dirname(file))).filter((other) => other.run === run);
  return files.length === 0 ? [file] : files.map(({ path }) => path);
}

/**
 * Reads the whole run that a file belongs to, as far as its files are kept, as one sequence.
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

/**
 * Files of one run that follow each other, as one sequence, block by block.
 *
 * @param onFile told before each file is read: how many have been
 * @throws RunnerError as readRun
 */
export async function* readRunBlocks(
  files: readonly string[],
  onFile: (read: number) => void = () => undefined,
): AsyncGenerator<readonly TraceRecord[], TraceHeader> {
  let last = 0;
  let header: TraceHeader | null = null;
  for (const [i, path] of files.entries()) {
    onFile(i);
    if (i > 0) {
      const { first_seq: begins } = await readTraceHeader(path);
      if (begins !== last + 1) throw missing(path, last + 1, begins);
    }
    const blocks = readBlocks(path);
    try {
      for (let next = await blocks.next(); ; next = await blocks.next()) {
        if (next.done === true) {
          header = next.value;
          last = Math.max(last, header.first_seq - 1);
          break;
        }
        last = next.value.at(-1)?.seq ?? last;
        yield next.value;
      }
    } finally {
      await blocks.return(undefined as never);
    }
  }
  return header as TraceHeader;
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
    const { end, lastSeq } = await endOf(last);
    const startedMs = Date.parse(header.started_at) - header.at_us / 1000;
    const records = lastSeq - header.first_seq + 1;
    const facts = { startedMs, runnerVersion: header.runner, firstSeq: header.first_seq, records };
    return { run, files: paths, bytes, end, problem: null, ...facts };
  } catch (error) {
    const nothing = { startedMs: null, runnerVersion: null, firstSeq: null, records: null };
    return {
      run,
      files: paths,
      bytes,
      end: null,
      problem: error instanceof RunnerError ? error.message : String(error),
      ...nothing,
    };
  }
}

/** A file that was brought to its end says so; any other is read through. */
async function endOf(file: string): Promise<{ end: TraceEnd; lastSeq: number }> {
  const said = await lastWords(file);
  if (said !== null) return said;
  let lastSeq = (await readTraceHeader(file)).first_seq - 1;
  for await (const { seq } of readTrace(file)) lastSeq = seq;
  return { end: null, lastSeq };
}

const LAST_BYTES = 512;

async function lastWords(file: string): Promise<{ end: TraceEnd; lastSeq: number } | null> {
  const handle = await openRegular(file, 'follow');
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(LAST_BYTES),
      0,
      LAST_BYTES,
      Math.max(0, size - LAST_BYTES),
    );
    const line = buffer.toString('utf8', 0, bytesRead).split('\n').at(-3) ?? '';
    const { data } = endLine.safeParse(JSON.parse(line));
    return data === undefined ? null : { end: data.end, lastSeq: data.last_seq };
  } catch {
    return null; // whatever it is, it is no end
  } finally {
    await handle.close();
  }
}
