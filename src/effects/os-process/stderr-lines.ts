import type { Readable } from 'node:stream';
import { LogFlood } from './log-flood.js';
import { PlainSeverity, readLevel } from './plain-severity.js';
import type { LogLevel } from './plain-severity.js';

/**
 * Standard error as lines, bounded: a line longer than the limit is cut and the rest of it skipped, and so are lines
 * that come faster than anybody reads; so a process that writes without end costs neither memory nor the Runner's time.
 */
const LINE_BYTES_MAX = 64 * 1024;

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** Whose words these are. */
  readonly source: 'algorithm' | 'runner';
  /** The further fields of a JSON line, as the algorithm gave them; empty for plain text. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What the Runner has to say about the line. */
  readonly noted: Readonly<Record<string, unknown>>;
}

export function readLogLines(stream: Readable, onLine: (line: LogLine) => void): void {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let skipped = 0;
  const severity = new PlainSeverity();

  const emit = (): void => {
    if (keptBytes > 0 || skipped > 0) onLine(parseLine(Buffer.concat(kept).toString('utf8'), skipped, severity));
    kept = [];
    keptBytes = skipped = 0;
  };
  const keep = (bytes: Buffer): void => {
    const room = LINE_BYTES_MAX - keptBytes;
    skipped += Math.max(0, bytes.length - room);
    if (room <= 0 || bytes.length === 0) return;
    kept.push(Buffer.from(bytes.subarray(0, room)));
    keptBytes += Math.min(room, bytes.length);
  };

  const split = (bytes: Buffer): void => {
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      keep(bytes.subarray(from, at));
      emit();
      from = at + 1;
    }
    keep(bytes.subarray(from));
  };
  const flood = new LogFlood({ onBytes: split, onSkipped: (bytes) => onLine(skippedLines(bytes)) });
  const end = (): void => {
    flood.end();
    emit();
  };

  stream.on('data', (chunk: Buffer) => flood.push(chunk));
  for (const event of ['end', 'error', 'close']) stream.on(event, end);
}

const skippedLines = (bytes: number): LogLine => ({
  level: 'warn',
  message: `standard error came too fast to be kept: ${bytes} bytes of it were skipped`,
  source: 'runner',
  fields: {},
  noted: { skipped_bytes: bytes },
});

function parseLine(text: string, skipped: number, severity: PlainSeverity): LogLine {
  const trimmed = text.trimEnd();
  const said = { message: trimmed, source: 'algorithm', fields: {} } as const;
  if (skipped > 0) return { ...said, level: 'warn', noted: { skipped_bytes: skipped } };
  if (trimmed.startsWith('{')) {
    try {
      const { level, message, ...fields } = JSON.parse(trimmed) as Record<string, unknown>;
      if (typeof message === 'string')
        return { level: readLevel(level), message, source: 'algorithm', fields, noted: {} };
    } catch {
      // Not JSON after all: a plain line that happens to begin with a brace.
    }
  }
  return { ...said, level: severity.of(trimmed), noted: { plain: true } };
}
