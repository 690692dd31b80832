import type { z } from 'zod';
import type { Block } from './blocks.js';
import { corrupt, MOVE_AWAY } from './corrupt.js';
import { parseTraceName } from './file-names.js';
import { visitLines } from './lines.js';
import { endLine, headerLine, headerLineV1, kindLine, standingLine, TRACE_VERSION, wallTimeMs } from './schema.js';
import type { TraceEnd, TraceHeader, TraceKind, TraceRecord, TraceStanding } from './schema.js';

const NEWER = 'Read it with the Runner that wrote it, or a newer one.';

/** Turns the blocks of one file, in order, into records. */
export class TraceDecoder {
  header: TraceHeader | null = null;
  end: TraceEnd = null;
  /** Where actors stood when the file was begun. */
  readonly standings: TraceStanding[] = [];
  readonly #kinds: TraceKind[] = [];
  #seq = 0;
  #atUs = 0;
  #startedMs = 0;
  #fileAtUs = 0;

  constructor(readonly file: string) {}

  /** @throws RunnerError store_corrupt; then no record of the block is given */
  decode(block: Block): readonly TraceRecord[] {
    const records: TraceRecord[] = [];
    for (const [i, line] of this.#parse(block).entries()) {
      if (Array.isArray(line)) records.push(this.#record(line as [number, number, ...unknown[]], block, i));
      else if (this.header === null) this.#begin(line, block);
      else this.#note(line, block, i);
    }
    return records;
  }

  /** Skips a block without wanted records, keeping only what later blocks depend on. @throws as decode */
  pass(block: Block): void {
    visitLines(block.text, {
      record: (us) => {
        this.#seq += 1;
        this.#atUs += us;
      },
      other: (line, i) => {
        const [value] = this.#parse({ ...block, text: line, line: block.line + i });
        if (this.header === null) this.#begin(value, block);
        else this.#note(value, block, i);
      },
    });
  }

  /** Number of the last record so far. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Parses all lines at once; if that fails, finds the line at fault. */
  #parse(block: Block): readonly unknown[] {
    const lines = block.text.replace(/\n$/, '');
    try {
      return JSON.parse(`[${lines.replaceAll('\n', ',')}]`) as unknown[];
    } catch {
      return lines.split('\n').map((line, i): unknown => {
        try {
          return JSON.parse(line);
        } catch {
          throw this.#corrupt(block, i, 'is not JSON');
        }
      });
    }
  }

  #record(line: readonly [number, number, ...unknown[]], block: Block, i: number): TraceRecord {
    const kind = this.#kinds[line[1]];
    if (kind === undefined) throw this.#corrupt(block, i, `uses kind ${line[1]}, which no line declares`);
    this.#seq += 1;
    this.#atUs += line[0];
    const data: Record<string, unknown> = {};
    for (let j = 0; j < kind.d.length; j++) data[kind.d[j] ?? ''] = line[j + 2];
    return {
      seq: this.#seq,
      atUs: this.#atUs,
      timeMs: wallTimeMs(this.#startedMs, this.#fileAtUs, this.#atUs),
      actor: kind.a,
      machine: kind.m,
      event: kind.e,
      data,
      before: kind.b,
      after: kind.f,
    };
  }

  #begin(line: unknown, block: Block): void {
    const version = (line as { trace?: unknown } | null)?.trace;
    if (typeof version !== 'number') throw this.#corrupt(block, 0, 'is not the header of a trace');
    if (version > TRACE_VERSION)
      throw this.#corrupt(block, 0, `is of format ${version}, which is newer than this Runner`, NEWER);
    const header = version === 1 ? this.#lifted(block, line) : this.#read(headerLine, line, block, 0);
    this.header = header;
    this.#seq = header.first_seq - 1;
    this.#atUs = this.#fileAtUs = header.at_us;
    this.#startedMs = Date.parse(header.started_at);
  }

  /** What format 1 did not say yet. */
  #lifted(block: Block, line: unknown): TraceHeader {
    const { run } = parseTraceName(this.file);
    return { ...this.#read(headerLineV1, line, block, 0), run, part: 1, first_seq: 1, at_us: 0 };
  }

  #note(line: unknown, block: Block, i: number): void {
    if (typeof line !== 'object' || line === null) throw this.#corrupt(block, i, 'is not a line of a trace');
    if ('s' in line) this.standings.push(this.#read(standingLine, line, block, i));
    else if ('end' in line) {
      const { end, last_seq: last } = this.#read(endLine, line, block, i);
      if (last !== this.#seq)
        throw this.#corrupt(block, i, `says that record ${last} is the last, which is ${this.#seq}`);
      this.end = end;
    } else {
      const kind = this.#read(kindLine, line, block, i);
      this.#kinds[kind.k] = kind;
    }
  }

  #read<T>(schema: z.ZodType<T>, line: unknown, block: Block, i: number): T {
    const result = schema.safeParse(line);
    if (result.success) return result.data;
    throw this.#corrupt(block, i, 'is not a line of a trace');
  }

  #corrupt(block: Block, i: number, what: string, hint = this.header === null ? MOVE_AWAY : undefined) {
    return corrupt({ file: this.file, block: block.number, line: block.line + i }, what, hint);
  }
}
