import { openRegular } from '../base/files/index.js';
import { readTraceHeader } from './reader.js';
import type { OnShare } from './reader.js';
import { kindLine, standingLine } from './schema.js';
import type { TraceHeader, TraceKind } from './schema.js';

/** What a file says it holds, without its records. */
export interface TraceDigest {
  /** Actor, machine, event and states of every kind of record in it: each is there at least once. */
  readonly kinds: readonly TraceKind[];
  /** Where actors stood when it was begun: who, and what each was faulted for, as JSON. */
  readonly standings: ReadonlyMap<string, string>;
  readonly bytes: number;
  readonly header: TraceHeader;
  /** Number of its last record; that before its first when it holds none. */
  readonly lastSeq: number;
}

const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CHUNK_BYTES = 256 * 1024;
/** A file without line ends is no trace. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Picks the kinds and standings out of files. Nothing but their headers is checked here: whoever reads
 * their records finds what is damaged.
 *
 * INVARIANTS
 * - Memory is bounded by what is different in the files: kinds and faults that are the same are kept once.
 */
export class TraceDigester {
  readonly #kinds = new Map<string, TraceKind>();
  readonly #faults = new Map<string, string>();

  /** @throws RunnerError store_io_failed; store_corrupt when it does not begin as a trace */
  async digest(file: string, onShare: OnShare = () => undefined): Promise<TraceDigest> {
    const header = await readTraceHeader(file);
    const kinds: TraceKind[] = [];
    const standings = new Map<string, string>();
    let bytes = 0;
    let records = 0;
    let rest: Buffer = Buffer.alloc(0);
    const handle = await openRegular(file, 'follow');
    try {
      const { size } = await handle.stat();
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, bytes);
        const isLast = bytesRead === 0;
        bytes += bytesRead;
        const chunk = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        let from = 0;
        for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
          if (chunk[from] === OPEN_BRACKET) records += 1;
          else if (chunk[from] === OPEN_BRACE) this.#take(chunk.toString('utf8', from, to), kinds, standings);
          from = to + 1;
        }
        rest = chunk.subarray(from);
        onShare(Math.min(1, bytes / size));
        if (!isLast && rest.length <= LINE_BYTES_MAX) continue;
        return { header, kinds, standings, bytes, lastSeq: header.first_seq - 1 + records };
      }
    } finally {
      await handle.close();
    }
  }

  #take(line: string, kinds: TraceKind[], standings: Map<string, string>): void {
    if (line.startsWith('{"k":')) {
      const kind = this.#kinds.get(line) ?? kindLine.safeParse(parsed(line)).data;
      if (kind === undefined) return;
      this.#kinds.set(line, kind);
      kinds.push(kind);
    } else if (line.startsWith('{"s":')) {
      const { data } = standingLine.safeParse(parsed(line));
      if (data === undefined) return;
      const fault = JSON.stringify((data.context as { fault?: unknown } | null)?.fault ?? null);
      const known = this.#faults.get(fault) ?? fault;
      this.#faults.set(fault, known);
      standings.set(data.s, known);
    }
  }
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};
