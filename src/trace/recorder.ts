import { RunnerError } from '../errors/index.js';
import { freeRunName, tracePath } from './file-names.js';
import { pruneTraces, TraceFileWriter } from './file-writer.js';
import { TRACE_VERSION, wallTimeMs } from './schema.js';
import type { Recorder, RecordObserver, Surveyor } from './recording.js';
import type { TraceKind, TraceRecord } from './schema.js';
import { CLOSE, COMMA, NEWLINE, OPEN, putNumber, putSmall, SMALL_VALUE_BYTES_MAX } from './small-json.js';

/**
 * Writes what every actor went through, in processing order, as interned JSON lines (schema.ts).
 *
 * INVARIANTS
 * - A record never waits for the disk: it goes into a preallocated buffer, written at 64 KB, after 100 ms, or at a flush.
 * - A file never outgrows its limit by more than a block and what the host records in one turn, the folder never holds
 *   more than the newest files.
 * - A file after the first begins with where every actor stands, taken when nothing is on its way between them.
 * - A disk that refuses stops the trace, not the Runner; the loss is reported once.
 * - Records are numbered and timed through all files of a run, so that these read as one sequence.
 */
export interface RecorderOptions {
  readonly folder: string;
  readonly runnerVersion: string;
  /** Version hash of each machine (machine-hash.ts). */
  readonly machines: Readonly<Record<string, string>>;
  readonly fileBytesMax?: number;
  readonly filesMax?: number;
  /** Monotonic and Unix milliseconds; the host's when left out. */
  readonly clock?: { nowMs(): number; wallMs(): number };
  /** Told once when the trace cannot be written. */
  readonly onLoss?: (error: RunnerError) => void;
}

const BLOCK_BYTES = 64 * 1024;
/** UTF-8 bytes that one unit of a JavaScript string may need. */
const BYTES_PER_CHARACTER_MAX = 3;
const FLUSH_MS = 100;
/** Files are small: whoever explains a record steps the machines from the begin of its file. */
const FILE_BYTES_MAX = 512 * 1024;
const FILES_MAX = 1024;
const SMALL_RECORD_BYTES_MAX = 1024;
/** Of a record without its values. */
const RECORD_CHARACTERS_MAX = 64;

export function openRecorder(options: RecorderOptions): Recorder {
  const { folder, fileBytesMax = FILE_BYTES_MAX, filesMax = FILES_MAX, clock = HOST_CLOCK, onLoss } = options;
  const nowUs = (): number => Math.round(clock.nowMs() * 1000);
  const buffer = Buffer.allocUnsafe(2 * BLOCK_BYTES);
  const kinds: Omit<TraceKind, 'k'>[] = [];
  const declarations: string[] = [];
  const startUs = nowUs();
  const run = freeRunName(folder, new Date(clock.wallMs()).toISOString());
  let path = '';
  let writer: TraceFileWriter | null = null;
  let part = 0;
  let used = 0;
  let written: Uint8Array = new Uint8Array(0);
  let records = 0;
  let lastUs = startUs;
  /** When the present file was begun, by the wall clock and in microseconds of the run. */
  let [fileStartedMs, fileAtUs] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  let rotation: NodeJS.Immediate | undefined;
  /** What a file begins with does not count: more than its limit would begin file after file. */
  let bytesAtFirst = 0;
  let surveyor: Surveyor | null = null;
  let observer: RecordObserver | null = null;

  const guard = (work: () => void): void => {
    try {
      work();
    } catch (cause) {
      writer?.abandon();
      writer = null;
      const error = new RunnerError('store_io_failed', `The trace ${path} cannot be written.`, { cause });
      onLoss?.(error);
      observer?.lost(error);
    }
  };

  /** What the buffer holds, as a block of the present file. */
  const writeOut = (): void => {
    if (used > 0) guard(() => writer?.writeBlock(buffer.subarray(0, used)));
    used = 0;
  };

  const openFile = (): void => {
    guard(() => {
      part += 1;
      path = tracePath(folder, run, part);
      fileStartedMs = clock.wallMs();
      if (part > 1) lastUs = nowUs();
      fileAtUs = lastUs - startUs;
      written = new Uint8Array(0);
      const { runnerVersion, machines } = options;
      writer = TraceFileWriter.begin(folder, path, {
        ...{ trace: TRACE_VERSION, run, part, first_seq: records + 1, at_us: fileAtUs },
        ...{ started_at: new Date(fileStartedMs).toISOString(), runner: runnerVersion, machines },
      });
      if (part > 1) for (const lines of surveyed()) writer.writeBlock(lines);
      bytesAtFirst = writer.bytes;
      pruneTraces(folder, filesMax, path);
    });
  };

  /** Where every actor stands, in blocks. */
  function* surveyed(): Generator<Uint8Array> {
    let lines = '';
    for (const standing of surveyor?.(fileAtUs) ?? []) {
      lines += `${JSON.stringify(standing)}\n`;
      if (lines.length < BLOCK_BYTES) continue;
      yield Buffer.from(lines);
      lines = '';
    }
    if (lines !== '') yield Buffer.from(lines);
  }

  /** Lines that belong into one file: a record never ends up without the line that declares its kind. */
  const append = (lines: string): void => {
    if (lines.length * BYTES_PER_CHARACTER_MAX <= buffer.length - used) {
      used += buffer.write(lines, used, 'utf8');
      return;
    }
    flush();
    guard(() => writer?.writeBlock(Buffer.from(lines)));
  };

  const flush = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    writeOut();
    if (writer === null || writer.bytes - bytesAtFirst <= fileBytesMax) return;
    // In the middle of a step nobody stands where the next record will find him.
    if (surveyor === null) rotate();
    else rotation ??= setImmediate(rotate);
  };

  const rotate = (): void => {
    rotation = undefined;
    writeOut();
    guard(() => writer?.end('rotated', records));
    if (writer !== null) openFile();
  };

  /** The compiler does not see that a flush may end it. */
  const isWritten = (): boolean => writer !== null;

  const writeSoon = (): void => {
    if (used >= BLOCK_BYTES) flush();
    else timer ??= setTimeout(flush, FLUSH_MS).unref();
  };

  const tell = (watcher: RecordObserver, number: number, us: number, data: TraceRecord['data']): void => {
    const { a: actor, m: machine, e: event, b: before, f: after } = kinds[number] as TraceKind;
    const atUs = us - startUs;
    const timeMs = wallTimeMs(fileStartedMs, fileAtUs, atUs);
    watcher.recorded({ seq: records, atUs, timeMs, actor, machine, event, data, before, after });
  };

  openFile();
  return {
    folder,
    run,
    file: () => path,
    count: () => records,
    kind(kind) {
      const k = kinds.push(kind) - 1;
      declarations.push(`${JSON.stringify({ k, ...kind })}\n`);
      return k;
    },
    recordSmall(kind, event, fields) {
      if (writer === null) return true;
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
      if (observer !== null) tell(observer, kind, us, picked(event, fields));
      writeSoon();
      return true;
    },
    record(kind, values) {
      if (writer === null) return;
      const declared = declarations[kind] ?? '';
      const room = buffer.length - used;
      // What may not fit goes out first: a flush can begin a new file, in which no kind is declared yet.
      if ((declared.length + values.length + RECORD_CHARACTERS_MAX) * BYTES_PER_CHARACTER_MAX > room) flush();
      if (!isWritten()) return;
      const us = nowUs();
      const line = `[${us - lastUs},${kind}${values}]\n`;
      append(written[kind] === 1 ? line : declared + line);
      written = withBit(written, kind);
      lastUs = us;
      records += 1;
      if (observer !== null) tell(observer, kind, us, named(kinds[kind]?.d ?? [], values));
      writeSoon();
    },
    survey(next) {
      surveyor = next;
    },
    observe(next) {
      observer = next;
    },
    flush,
    close() {
      flush();
      if (rotation !== undefined) clearImmediate(rotation);
      guard(() => writer?.end('closed', records));
      writer = null;
    },
  };
}

const HOST_CLOCK = { nowMs: () => performance.now(), wallMs: () => Date.now() };

const picked = (event: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field, event[field]]));

/** What a reader would find: nothing that JSON cannot say. */
function named(fields: readonly string[], values: string): Record<string, unknown> {
  const parsed = values === '' ? [] : (JSON.parse(`[${values.slice(1)}]`) as unknown[]);
  return Object.fromEntries(fields.map((field, i) => [field, parsed[i]]));
}

function withBit(bits: Uint8Array, index: number): Uint8Array {
  const room = index < bits.length ? bits : new Uint8Array(Math.max(256, index * 2));
  if (room !== bits) room.set(bits);
  room[index] = 1;
  return room;
}
