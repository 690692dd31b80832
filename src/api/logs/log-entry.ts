export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** One line of a release's log: what it said on standard error, or what the Runner has to say about it. */
export interface LogEntry {
  /** Unix milliseconds; 0 for a line that is damaged. */
  readonly time: number;
  readonly level: Level;
  readonly release: string;
  /** Whose words they are; null: an older Runner wrote the line, and did not say. */
  readonly source: 'algorithm' | 'runner' | null;
  readonly message: string;
  /** What the Runner knows of it: `slot`, and while a call ran `session_id` and `pid`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whatever the algorithm added. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const NONE = {};

/** A line that is not JSON (the end of a log whose Runner was killed) is shown as it is. */
export function parseEntry(line: string, file: string): LogEntry {
  try {
    const { time, level, release, source, message, fields, ...facts } = JSON.parse(line) as Record<string, unknown>;
    return {
      time: typeof time === 'number' && Math.abs(time) <= TIME_MS_MAX ? time : 0,
      level: LEVELS.find((known) => known === level) ?? 'info',
      release: typeof release === 'string' ? release : '',
      source: source === 'algorithm' || source === 'runner' ? source : null,
      message: typeof message === 'string' ? message : '',
      facts,
      fields: typeof fields === 'object' && fields !== null ? (fields as LogEntry['fields']) : NONE,
    };
  } catch {
    return { time: 0, level: 'info', release: '', source: null, message: line, facts: { damaged: file }, fields: NONE };
  }
}

/** What a date can say. */
const TIME_MS_MAX = 8.64e15;
