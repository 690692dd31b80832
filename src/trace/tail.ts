import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunnerError } from '../base/errors/index.js';
import { openRegular } from '../base/files/index.js';
import { BlockCutter } from './blocks.js';
import { TraceDecoder } from './decoder.js';
import { listTraceFiles, parseTraceName } from './file-names.js';
import { lastRecordOf } from './first-look.js';
import { gapBefore, gapRecord } from './gap.js';
import type { ReadBefore } from './gap.js';
import { readTraceHeader } from './reader.js';
import type { TraceHeader, TraceRecord } from './schema.js';

const CHUNK_BYTES = 128 * 1024;
const UNREADABLE = { cause: undefined };

/**
 * Reads one run while it is being written, block by block, from file to file.
 *
 * INVARIANTS
 * - Only completed blocks are returned, so that everything returned is checked.
 * - Each call goes on where the last one ended.
 */
export class TraceTail {
  #cutter: BlockCutter;
  #decoder: TraceDecoder;
  #damage: RunnerError | null = null;
  /** The file before this one, if one was read. */
  #before: ReadBefore | null = null;

  private constructor(
    private handle: FileHandle,
    private path: string,
  ) {
    this.#cutter = new BlockCutter(path);
    this.#decoder = new TraceDecoder(path);
  }

  /**
   * @param file any file of the run
   * @param fromSeq begins with the file that holds this record
   * @throws RunnerError store_io_failed, store_corrupt
   */
  static async open(file: string, fromSeq = 1): Promise<TraceTail> {
    const { path, before } = await fileHolding(file, fromSeq);
    const tail = new TraceTail(await opened(path), path);
    // If it cannot be understood, its reader says why.
    tail.#before = before === null ? null : await lastRecordOf(before).catch(() => null);
    return tail;
  }

  get file(): string {
    return this.path;
  }

  get header(): TraceHeader | null {
    return this.#decoder.header;
  }

  /** The run was brought to its end, and all of it was given. */
  get isAtEnd(): boolean {
    return this.#decoder.end === 'closed';
  }

  /** The records of what was written since; empty when there is nothing new. @throws RunnerError store_io_failed, store_corrupt */
  async next(): Promise<readonly TraceRecord[]> {
    for (;;) {
      if (this.#damage !== null) throw this.#damage;
      if (this.#decoder.end === 'rotated' && !(await this.#turnOver())) return [];
      const { bytesRead, buffer } = await this.handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      // A file whose disk refused has no end: the next one tells what is missing.
      if (bytesRead === 0 && !(await this.#turnOver())) return [];
      if (bytesRead === 0) continue;
      const records = await this.#decode(buffer.subarray(0, bytesRead));
      if (records.length > 0) return records;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** What stands before a damage is given first. */
  async #decode(bytes: Buffer): Promise<readonly TraceRecord[]> {
    const records: TraceRecord[] = [];
    const isFirst = this.#decoder.header === null;
    try {
      for (const block of this.#cutter.push(bytes))
        for (const record of this.#decoder.decode(block)) records.push(record);
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      this.#damage = error;
    }
    const { header } = this.#decoder;
    if (!isFirst || header === null) return records;
    const gap = await gapBefore(this.path, header, this.#before);
    return gap === null ? records : [gapRecord(header, gap), ...records];
  }

  /** @returns whether a later part is there already: the next one, unless somebody removed it */
  async #turnOver(): Promise<boolean> {
    const { run, part } = parseTraceName(this.path);
    const laterPart = async () =>
      (await listTraceFiles(dirname(this.path))).find((file) => file.run === run && file.part > part);
    let next = await laterPart();
    // A listing may miss a file that is created while it goes on, and have the one after it: one begun now has both.
    if (next !== undefined && next.part > part + 1) next = await laterPart();
    if (next === undefined) return false;
    const { header, lastSeq } = this.#decoder;
    this.#before = header === null ? null : { file: this.path, run: header.run, lastSeq };
    await this.handle.close();
    this.path = next.path;
    this.handle = await opened(next.path);
    this.#cutter = new BlockCutter(next.path);
    this.#decoder = new TraceDecoder(next.path);
    return true;
  }
}

/** @throws RunnerError store_io_failed when rotation removed it already */
async function fileHolding(file: string, seq: number): Promise<{ path: string; before: string | null }> {
  const { run } = parseTraceName(file);
  const files = (await listTraceFiles(dirname(file))).filter((other) => other.run === run);
  for (let i = files.length - 1; i >= 0; i--) {
    const path = files[i]?.path ?? '';
    if ((await readTraceHeader(path)).first_seq <= seq) return { path, before: files[i - 1]?.path ?? null };
  }
  const [oldest] = files;
  if (oldest === undefined) throw unreadable(file, UNREADABLE);
  const { first_seq: first } = await readTraceHeader(oldest.path);
  throw new RunnerError('store_io_failed', `Record ${seq} of the run ${run} is not kept any more.`, {
    hint: `The oldest one there is has the number ${first}; begin there.`,
    details: { run, seq, oldest_seq: first },
  });
}

const opened = (path: string): Promise<FileHandle> =>
  openRegular(path, 'follow').catch((cause: unknown) => {
    throw unreadable(path, { cause });
  });

const unreadable = (file: string, { cause }: { cause: unknown }): RunnerError =>
  new RunnerError('store_io_failed', `The trace ${file} cannot be read.`, { cause, details: { file } });
