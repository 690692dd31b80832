import { pino } from 'pino';
import { visibleJson } from '../base/errors/index.js';
import type { RunnerError } from '../base/errors/index.js';
import { LogFile } from './log-file.js';
import type { LogLine } from './os-process/stderr-lines.js';
import { withoutSecrets } from './secrets.js';

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
 * - Fields whose names look secret never reach a log, whatever an algorithm prints.
 * - After the log was closed, lines are dropped: a process that was written off may still speak.
 * - A disk that refuses costs log lines, never a call; how many is said in the log once it takes lines again.
 */
export interface ReleaseLog {
  /** The Runner's own words. */
  write(level: LogLine['level'], message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** A line of standard error, with what the Runner knows of it. */
  relay(line: LogLine, facts: Readonly<Record<string, unknown>>): void;
  close(): void;
}

export const LOG_BYTES_MAX = 16 * 1024 * 1024;

export function openReleaseLog(
  file: string,
  release: string,
  options: { readonly bytesMax?: number; readonly onLoss?: (error: RunnerError) => void } = {},
): ReleaseLog {
  const { bytesMax = LOG_BYTES_MAX, onLoss } = options;
  let closed = false;
  const sink = new LogFile(file, {
    bytesMax,
    onLoss,
    lossLine(lines, reason) {
      const message = `${lines} lines before this one could not be written: ${reason}`;
      return `${JSON.stringify({ level: 'warn', time: Date.now(), release, lost_lines: lines, message })}\n`;
    },
  });
  const logger = pino(
    {
      base: { release },
      messageKey: 'message',
      level: 'debug',
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (text: string) => sink.write(visibleJson(text)) },
  );

  return {
    write(level, message, facts = {}) {
      if (!closed) logger[level]({ source: 'runner', ...withoutSecrets(facts) }, message);
    },
    relay({ level, message, source, fields, noted }, facts) {
      if (closed) return;
      const said = Object.keys(fields).length === 0 ? {} : { fields: withoutSecrets(fields) };
      logger[level]({ source, ...facts, ...noted, ...said }, message);
    },
    close() {
      closed = true;
      sink.close();
    },
  };
}
