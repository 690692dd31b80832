import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, pino } from 'pino';
import type { LogLine } from './os-process/stderr-lines.js';

/**
 * What a release says on its standard error, and what the Runner has to say about it, as JSON lines in one bounded file
 * per release: `time` (Unix ms), `level`, `message`, `release`, and the fields of the line (`session_id`, `pid`, …).
 *
 * INVARIANTS
 * - Written synchronously: a worker thread would lose the last lines of a crash.
 * - A file never outgrows its limit by more than a line; one predecessor is kept.
 * - After the log was closed, lines are dropped: a process that was written off may still speak.
 * - A disk that refuses costs log lines, never a call.
 */
export interface ReleaseLog {
  write(level: LogLine['level'], message: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

export const LOG_BYTES_MAX = 16 * 1024 * 1024;
/** Fields of a line that are the Runner's to fill in, whatever an algorithm prints. */
const OWN_FIELDS = { time: undefined, level: undefined, message: undefined, release: undefined };
/** Keys that never reach a log, whatever an algorithm prints. */
const REDACTED = ['password', 'token', 'secret', 'authorization', 'api_key'];

export function openReleaseLog(file: string, release: string, bytesMax: number = LOG_BYTES_MAX): ReleaseLog {
  mkdirSync(dirname(file), { recursive: true });
  const sink = destination({ dest: file, sync: true, mkdir: true, mode: 0o640 });
  sink.on('error', () => undefined);
  let bytes = sizeOf(file);
  let closed = false;
  const logger = pino(
    {
      base: { release },
      messageKey: 'message',
      redact: REDACTED,
      level: 'debug',
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line: string) {
        bytes += Buffer.byteLength(line);
        sink.write(line);
        if (bytes > bytesMax) rotate();
      },
    },
  );

  const rotate = (): void => {
    bytes = 0;
    try {
      renameSync(file, `${file}.1`);
      sink.reopen();
    } catch {
      // The old file goes on growing; the next line tries again.
    }
  };

  return {
    write(level, message, fields = {}) {
      if (!closed) logger[level]({ ...fields, ...OWN_FIELDS }, message);
    },
    close() {
      closed = true;
      sink.end();
    },
  };
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
