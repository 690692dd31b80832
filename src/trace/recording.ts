import type { RunnerError } from '../base/errors/index.js';
import type { TraceKind, TraceRecord, TraceStanding } from './schema.js';

/** Where every actor stands, so many microseconds into the run. */
export type Surveyor = (atUs: number) => readonly TraceStanding[];

/** A recorder as those who record and those who listen see it. */
export interface Recorder {
  readonly folder: string;
  /** What its files are called after; empty as long as none could be begun. */
  readonly run: string;
  /** The file being written. */
  readonly file: () => string;
  /** Number of records so far, which is the number of the last one. */
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
  /** Whoever knows where every actor stands; null: nobody. */
  survey(surveyor: Surveyor | null): void;
  /** Receives every record as it is written, in a reader's form; null: nobody listens, and it costs nothing. */
  observe(observer: RecordObserver | null): void;
  flush(): void;
  close(): void;
}

export interface RecordObserver {
  /** Called in the middle of a transition: note the record and return. */
  recorded(record: TraceRecord): void;
  /** Records are lost from here on: the disk refused. */
  lost(error: RunnerError): void;
}
