export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** One line of a release's log: what it said on standard error, or what the Runner has to say about it. */
export interface LogEntry {
  /** Unix milliseconds; 0 for a line that is damaged. */
  readonly time: number;
  readonly level: Level;
  readonly release: string;
  readonly message: string;
  /** `slot`, and while a call ran `session_id` and `pid`; whatever the algorithm added. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A line that is not JSON (the end of a log whose Runner was killed) is shown as it is. */
export function parseEntry(line: string, file: string): LogEntry {
  try {
    const { time, level, release, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
    return {
      time: typeof time === 'number' ? time : 0,
      level: LEVELS.find((known) => known === level) ?? 'info',
      release: typeof release === 'string' ? release : '',
      message: typeof message === 'string' ? message : '',
      fields,
    };
  } catch {
    return { time: 0, level: 'info', release: '', message: line, fields: { damaged: file } };
  }
}
