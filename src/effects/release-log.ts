import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, pino } from 'pino';
import { visibleJson } from '../errors/index.js';
import type { LogLine } from './os-process/stderr-lines.js';

/**
 * What a release says on its standard error, and what the Runner has to say about it, as JSON lines in one bounded file
 * per release: `time` (Unix ms), `level`, `message`, `release`, `source` (whose words they are), what the Runner knows of
 * the line (`slot`, `session_id`, `pid`, …), and under `fields` whatever an algorithm put into its own.
 *
 * INVARIANTS
 * - Every key beside `message` and `fields` is the Runner's: nothing an algorithm prints sets one of them.
 * - A line ends where the file has a line feed, for every reader: nothing else that could pass for an end stands in it.
 * - Written synchronously: a worker thread would lose the last lines of a crash.
 * - A file never outgrows its limit by more than a line; one predecessor is kept.
 * - After the log was closed, lines are dropped: a process that was written off may still speak.
 * - A disk that refuses costs log lines, never a call.
 */
export interface ReleaseLog {
  /** The Runner's own words. */
  write(level: LogLine['level'], message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** A line of standard error, with what the Runner knows of it. */
  relay(line: LogLine, facts: Readonly<Record<string, unknown>>): void;
  close(): void;
}

export const LOG_BYTES_MAX = 16 * 1024 * 1024;
/** Keys that never reach a log, whatever an algorithm prints. */
const SECRETS = ['password', 'token', 'secret', 'authorization', 'api_key'];
const REDACTED = SECRETS.flatMap((key) => [key, `fields.${key}`]);

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
      write(text: string) {
        const line = visibleJson(text);
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
    write(level, message, facts = {}) {
      if (!closed) logger[level]({ source: 'runner', ...facts }, message);
    },
    relay({ level, message, source, fields, noted }, facts) {
      if (closed) return;
      const said = Object.keys(fields).length === 0 ? {} : { fields };
      logger[level]({ source, ...facts, ...noted, ...said }, message);
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
