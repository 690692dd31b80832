import type { RunnerError } from '../base/errors/index.js';
import { RunCounts } from './run-counts.js';
import { RunFiles } from './run-files.js';
import { wallTimeMs } from './schema.js';
import type { Recorder, RecordObserver, Surveyor } from './recording.js';
import type { TraceKind, TraceRecord } from './schema.js';
import { CLOSE, COMMA, NEWLINE, OPEN, putNumber, putSmall, SMALL_VALUE_BYTES_MAX } from './small-json.js';

/**
 * Writes what every actor went through, in processing order, as interned JSON lines (schema.ts).
 *
 * INVARIANTS
 * - A record never waits for the disk: it goes into a preallocated buffer, written at 64 KB, after 100 ms, or at a flush.
 * - A file never outgrows its limit by more than a block and what the host records in one turn; what the folder holds is
 *   bounded by bytes and age (retention.ts).
 * - A file after the first begins with where every actor stands, taken when nothing is on its way between them.
 * - A disk that refuses ends a file, not the trace and not the Runner: what is recorded meanwhile is counted and lost, and
 *   the next file says so.
 * - Records are numbered and timed through all files of a run, so that these read as one sequence.
 */
export interface RecorderOptions {
  readonly folder: string;
  readonly runnerVersion: string;
  /** Version hash of each machine (machine-hash.ts). */
  readonly machines: Readonly<Record<string, string>>;
  readonly fileBytesMax?: number;
  /** Of all traces in the folder, the file being written included. */
  readonly bytesMax?: number;
  readonly ageMaxDays?: number;
  /** A run in which nothing was done but opening and closing leaves no file. */
  readonly dropUneventful?: boolean;
  /** Monotonic and Unix milliseconds; the host's when left out. */
  readonly clock?: { nowMs(): number; wallMs(): number };
  /** Told each time the disk begins to refuse. */
  readonly onLoss?: (error: RunnerError) => void;
}

const BLOCK_BYTES = 64 * 1024;
/** UTF-8 bytes that one unit of a JavaScript string may need. */
const BYTES_PER_CHARACTER_MAX = 3;
const FLUSH_MS = 100;
const RESUME_MS = 1_000;
/** Files are small: whoever explains a record steps the machines from the begin of its file. */
const FILE_BYTES_MAX = 512 * 1024;
const BYTES_MAX = 512 * 1024 * 1024;
const AGE_MAX_DAYS = 90;
const SMALL_RECORD_BYTES_MAX = 1024;
/** Of a record without its values. */
const RECORD_CHARACTERS_MAX = 64;

export function openRecorder(options: RecorderOptions): Recorder {
  const { folder, clock = HOST_CLOCK, dropUneventful = false, onLoss } = options;
  const { bytesMax = BYTES_MAX, ageMaxDays = AGE_MAX_DAYS } = options;
  const fileBytesMax = Math.min(options.fileBytesMax ?? FILE_BYTES_MAX, Math.ceil(bytesMax / 2));
  const nowUs = (): number => Math.round(clock.nowMs() * 1000);
  const buffer = Buffer.allocUnsafe(2 * BLOCK_BYTES);
  const kinds: Omit<TraceKind, 'k'>[] = [];
  const declarations: string[] = [];
  const counts = new RunCounts();
  const startUs = nowUs();
  let used = 0;
  let written: Uint8Array = new Uint8Array(0);
  let records = 0;
  let lastUs = startUs;
  /** Microseconds of the run when the present file was begun. */
  let fileAtUs = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let rotation: NodeJS.Immediate | undefined;
  let surveyor: Surveyor | null = null;
  let observer: RecordObserver | null = null;
  const files = new RunFiles({
    ...{ folder, runnerVersion: options.runnerVersion, machines: options.machines, wallMs: () => clock.wallMs() },
    // The file that is begun may take its part, too.
    ...{ bytesMax: Math.max(0, bytesMax - fileBytesMax), ageMaxDays },
    onLoss(error) {
      onLoss?.(error);
      observer?.lost(error);
      resumeSoon();
    },
  });

  /** What the buffer holds, as a block of the present file. */
  const writeOut = (): void => {
    if (used > 0) files.write(buffer.subarray(0, used), records);
    used = 0;
  };

  /** Outside of any transition, but for the first file: then nobody stands anywhere. */
  const openFile = (isFirst: boolean): void => {
    if (!isFirst) lastUs = nowUs();
    fileAtUs = lastUs - startUs;
    written = new Uint8Array(0);
    files.begin({ records, atUs: fileAtUs, standings: () => surveyor?.(fileAtUs) ?? [] });
    counts.beginFile();
  };

  /** Lines that belong into one file: a record never ends up without the line that declares its kind. */
  const append = (lines: string): void => {
    if (lines.length * BYTES_PER_CHARACTER_MAX <= buffer.length - used) {
      used += buffer.write(lines, used, 'utf8');
      return;
    }
    flush();
    files.write(Buffer.from(lines), records + 1);
  };

  const flush = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    writeOut();
    if (!files.isOpen || files.bytes <= fileBytesMax) return;
    // In the middle of a step actors are not yet where the next record will find them.
    if (surveyor === null) rotate();
    else rotation ??= setImmediate(rotate);
  };

  const rotate = (): void => {
    rotation = undefined;
    writeOut();
    if (!files.isOpen) return;
    files.end('rotated', { records, ...counts.ofFile });
    openFile(false);
  };

  /** The disk refuses; writing is retried a little later, as long as there is something to record. */
  const resumeSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!files.isOpen && !isClosed) openFile(false);
    }, RESUME_MS).unref();
  };

  const writeSoon = (): void => {
    if (used >= BLOCK_BYTES) flush();
    else timer ??= setTimeout(flush, FLUSH_MS).unref();
  };

  const tell = (watcher: RecordObserver, number: number, us: number, data: TraceRecord['data']): void => {
    const { a: actor, m: machine, e: event, b: before, f: after } = kinds[number] as TraceKind;
    const atUs = us - startUs;
    const timeMs = wallTimeMs(files.startedMs, fileAtUs, atUs);
    watcher.recorded({ seq: records, atUs, timeMs, actor, machine, event, data, before, after });
  };

  const lose = (): true => {
    if (isClosed) return true;
    records += 1;
    resumeSoon();
    return true;
  };

  openFile(true);
  return {
    folder,
    get run() {
      return files.run;
    },
    file: () => files.path,
    count: () => records,
    kind(kind) {
      const k = kinds.push(kind) - 1;
      counts.kind(kind);
      declarations.push(`${JSON.stringify({ k, ...kind })}\n`);
      return k;
    },
    recordSmall(kind, event, fields) {
      if (!files.isOpen) return lose();
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
      counts.small(kind, event['outcome']);
      if (observer !== null) tell(observer, kind, us, picked(event, fields));
      writeSoon();
      return true;
    },
    record(kind, values) {
      if (!files.isOpen) return void lose();
      const declared = declarations[kind] ?? '';
      const room = buffer.length - used;
      // Flushes first if the record may not fit: a flush can begin a new file, in which no kind is declared yet.
      if ((declared.length + values.length + RECORD_CHARACTERS_MAX) * BYTES_PER_CHARACTER_MAX > room) flush();
      if (!files.isOpen) return void lose();
      const us = nowUs();
      const line = `[${us - lastUs},${kind}${values}]\n`;
      append(written[kind] === 1 ? line : declared + line);
      written = withBit(written, kind);
      lastUs = us;
      records += 1;
      counts.large(kind, () => named(kinds[kind]?.d ?? [], values));
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
      if (isClosed) return;
      flush();
      if (rotation !== undefined) clearImmediate(rotation);
      // What is missing is said, if the disk takes anything by now.
      if (!files.isOpen) openFile(false);
      isClosed = true;
      if (dropUneventful && files.isWhole && !counts.isEventful) files.discard();
      else files.end('closed', { records, ...counts.ofFile });
      clearTimeout(timer);
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
