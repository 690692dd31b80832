import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { RunnerError } from '../errors/index.js';
import { TRACE_VERSION } from './schema.js';
import { CLOSE, COMMA, NEWLINE, OPEN, putNumber, putSmall, SMALL_VALUE_BYTES_MAX } from './small-json.js';
import type { TraceKind } from './schema.js';

/**
 * Writes what every actor went through, in processing order, as interned JSON lines (schema.ts).
 *
 * INVARIANTS
 * - A record never waits for the disk: it goes into a preallocated buffer, written at 64 KB, after 100 ms, or at a flush.
 * - A file never outgrows its limit by more than a block, the folder never holds more than the newest files.
 * - A disk that refuses stops the trace, not the Runner; the loss is reported once.
 */
export interface RecorderOptions {
  readonly folder: string;
  readonly runnerVersion: string;
  /** Version hash of each machine (machine-hash.ts). */
  readonly machines: Readonly<Record<string, string>>;
  readonly fileBytesMax?: number;
  readonly filesMax?: number;
  /** Told once when the trace cannot be written. */
  readonly onLoss?: (error: RunnerError) => void;
}

export interface Recorder {
  /** The file being written. */
  readonly file: () => string;
  /** Number of records so far. */
  readonly count: () => number;
  /** A number for `record`, written out before the first record of its kind in each file. */
  kind(kind: Omit<TraceKind, 'k'>): number;
  /** @param values the payload's values as JSON, each with a comma before it; '' for none */
  record(kind: number, values: string): void;
  /**
   * The same for an event whose payload is small: whole numbers and short plain texts are written without making a
   * string. Returns false, having written nothing, when a value is of another kind.
   */
  recordSmall(kind: number, event: Readonly<Record<string, unknown>>, fields: readonly string[]): boolean;
  flush(): void;
  close(): void;
}

const BLOCK_BYTES = 64 * 1024;
/** UTF-8 bytes that one unit of a JavaScript string may need. */
const BYTES_PER_CHARACTER_MAX = 3;
const FLUSH_MS = 100;
const SMALL_RECORD_BYTES_MAX = 1024;
/** Of a record without its values. */
const RECORD_CHARACTERS_MAX = 64;

export function openRecorder(options: RecorderOptions): Recorder {
  const { folder, fileBytesMax = 64 * 1024 * 1024, filesMax = 8, onLoss } = options;
  const buffer = Buffer.allocUnsafe(2 * BLOCK_BYTES);
  const kinds: string[] = [];
  let used = 0;
  let fileBytes = 0;
  let written: Uint8Array = new Uint8Array(0);
  let records = 0;
  let lastUs = nowUs();
  let timer: NodeJS.Timeout | undefined;
  let descriptor = -1;
  let path = '';
  let files = 0;

  const guard = (work: () => void): void => {
    try {
      work();
    } catch (cause) {
      if (descriptor >= 0) closeQuietly(descriptor);
      descriptor = -2;
      onLoss?.(new RunnerError('store_io_failed', `The trace ${path} cannot be written.`, { cause }));
    }
  };

  const writeBlock = (bytes: Uint8Array): void => {
    const end = Buffer.from(`{"crc":"${crc32(bytes).toString(16).padStart(8, '0')}","bytes":${bytes.length}}\n`);
    writeFully(descriptor, bytes);
    writeFully(descriptor, end);
    fileBytes += bytes.length + end.length;
  };

  /** What the buffer holds, as a block of the present file. */
  const writeOut = (): void => {
    if (used > 0 && descriptor >= 0) guard(() => writeBlock(buffer.subarray(0, used)));
    used = 0;
  };

  const openFile = (): void => {
    guard(() => {
      mkdirSync(folder, { recursive: true });
      const startedAt = new Date().toISOString();
      const number = String(files).padStart(3, '0'); // names sort in the order the files were begun
      path = join(folder, `${startedAt.replace(/[:.]/g, '-')}-${process.pid}-${number}.trace.jsonl`);
      files += 1;
      descriptor = openSync(path, 'wx', 0o640);
      fileBytes = 0;
      written = new Uint8Array(0);
      lastUs = nowUs();
      const { runnerVersion, machines } = options;
      append(`${JSON.stringify({ trace: TRACE_VERSION, started_at: startedAt, runner: runnerVersion, machines })}\n`);
      writeOut();
      fileBytes = 0; // the header does not count: a limit below its size would begin file after file
      prune(folder, filesMax);
    });
  };

  /** Lines that belong into one file: a record never ends up without the line that declares its kind. */
  const append = (lines: string): void => {
    if (lines.length * BYTES_PER_CHARACTER_MAX <= buffer.length - used) {
      used += buffer.write(lines, used, 'utf8');
      return;
    }
    flush();
    if (descriptor >= 0) guard(() => writeBlock(Buffer.from(lines)));
  };

  const flush = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    writeOut();
    if (fileBytes <= fileBytesMax || descriptor < 0) return;
    closeQuietly(descriptor);
    openFile();
  };

  openFile();
  return {
    file: () => path,
    count: () => records,
    kind(kind) {
      const k = kinds.length;
      kinds.push(`${JSON.stringify({ k, ...kind })}\n`);
      return k;
    },
    recordSmall(kind, event, fields) {
      if (descriptor < 0) return true;
      if (written[kind] !== 1 || buffer.length - used < SMALL_RECORD_BYTES_MAX) return false;
      const us = nowUs();
      buffer[used] = OPEN;
      let at = putNumber(buffer, used + 1, us - lastUs);
      buffer[at] = COMMA;
      at = putNumber(buffer, at + 1, kind);
      for (let i = 0; i < fields.length; i++) {
        buffer[at] = COMMA;
        at = putSmall(buffer, at + 1, event[fields[i] ?? '']);
        if (at < 0 || at > used + SMALL_RECORD_BYTES_MAX - SMALL_VALUE_BYTES_MAX) return false;
      }
      buffer[at] = CLOSE;
      buffer[at + 1] = NEWLINE;
      used = at + 2;
      lastUs = us;
      records += 1;
      if (used >= BLOCK_BYTES) flush();
      else timer ??= setTimeout(flush, FLUSH_MS).unref();
      return true;
    },
    record(kind, values) {
      if (descriptor < 0) return;
      records += 1;
      const declared = kinds[kind] ?? '';
      const room = buffer.length - used;
      // What may not fit goes out first: a flush can begin a new file, in which no kind is declared yet.
      if ((declared.length + values.length + RECORD_CHARACTERS_MAX) * BYTES_PER_CHARACTER_MAX > room) flush();
      if (descriptor < 0) return;
      const us = nowUs();
      const line = `[${us - lastUs},${kind}${values}]\n`;
      append(written[kind] === 1 ? line : declared + line);
      written = withBit(written, kind);
      lastUs = us;
      if (used >= BLOCK_BYTES) flush();
      else timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    flush,
    close() {
      flush();
      if (descriptor >= 0) closeQuietly(descriptor);
      descriptor = -2;
    },
  };
}

/** Monotonic microseconds. */
const nowUs = (): number => Math.round(performance.now() * 1000);

function withBit(bits: Uint8Array, index: number): Uint8Array {
  const room = index < bits.length ? bits : new Uint8Array(Math.max(256, index * 2));
  if (room !== bits) room.set(bits);
  room[index] = 1;
  return room;
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // The trace is best effort at its end; what was written stays.
  }
}

/** Keeps the newest files; their names begin with the time they were opened. */
function prune(folder: string, filesMax: number): void {
  const files = readdirSync(folder).filter((name) => name.endsWith('.trace.jsonl'));
  for (const name of files.sort().slice(0, Math.max(0, files.length - filesMax))) rmSync(join(folder, name));
}
