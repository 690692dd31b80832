import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * What happened, as a caller tells it.
 *
 * @property who a person, `cli`, `http`, `runner`, `recovery` …
 * @property what dotted, as `release.installed`, `route.switched`, `store.recovered`
 * @property subject a PID, a `name@version`, a file
 * @property outcome `ok`, `failed`, `refused`, `aborted` …
 * @property details plain JSON
 */
export interface AuditEvent {
  readonly who: string;
  readonly what: string;
  readonly subject: string;
  readonly outcome: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** As it is kept: `hash` is the sha256 of the line without it, `prev` that of the line before. */
export interface AuditRecord extends AuditEvent {
  readonly seq: number;
  readonly at: string;
  readonly prev: string;
  readonly hash: string;
}

/** The end of a chain, what the next record is linked to. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

export const CHAIN_START: ChainEnd = { seq: 0, hash: '0'.repeat(64) };

/** A line is bounded, so that the end of the file can be found by reading a bounded part of it. */
export const MAX_LINE_BYTES = 64 * 1024;

/** The line of the next record, with its line end. Details that would make it too long are left out, and said so. */
export function sealRecord(event: AuditEvent, at: string, end: ChainEnd): { line: Buffer; record: AuditRecord } {
  const { who, what, subject, outcome, details } = event;
  const seal = (kept: AuditEvent['details']): { line: Buffer; record: AuditRecord } => {
    const body = { seq: end.seq + 1, at, who, what, subject, outcome, ...(kept && { details: kept }), prev: end.hash };
    const text = JSON.stringify(body);
    const hash = sha256(text);
    return { line: Buffer.from(`${text.slice(0, -1)},"hash":"${hash}"}\n`), record: { ...body, hash } };
  };
  const sealed = seal(details);
  if (sealed.line.length <= MAX_LINE_BYTES) return sealed;
  const short = Object.entries(details ?? {}).filter(([, value]) => isShort(value));
  return seal({
    ...Object.fromEntries(short.slice(0, SHORT_DETAILS)),
    left_out: `details of ${sealed.line.length} bytes`,
  });
}

/** Such as the number of an operation: they are kept though the rest is too long. */
const SHORT_DETAILS = 16;

function isShort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.length <= 256);
}

/** edited: a record whose text is not the one that was sealed; garbage: no record at all */
export type ReadLine =
  { readonly kind: 'sealed' | 'edited'; readonly record: AuditRecord } | { readonly kind: 'garbage' };

const HASH_AT_END = /,"hash":"([0-9a-f]{64})"\}$/;
const recordSchema: z.ZodType<AuditRecord> = z.looseObject({
  seq: z.int().positive(),
  at: z.string(),
  who: z.string(),
  what: z.string(),
  subject: z.string(),
  outcome: z.string(),
  details: z.record(z.string(), z.unknown()).exactOptional(),
  prev: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The hash covers the very bytes of the line, so that no edit passes, not even of a blank. */
export function readLine(line: string): ReadLine {
  const result = recordSchema.safeParse(parseOr(undefined, line));
  if (!result.success) return { kind: 'garbage' };
  const match = HASH_AT_END.exec(line);
  const sealed = match !== null && sha256(`${line.slice(0, match.index)}}`) === match[1];
  return { kind: sealed ? 'sealed' : 'edited', record: result.data };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parseOr(otherwise: unknown, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
