import { crc32 } from 'node:zlib';
import { TRACE_VERSION } from '../../../../src/trace/index.js';
import type { TraceHeader, TraceRecord } from '../../../../src/trace/index.js';

const BLOCK_RECORDS = 200;

/** A trace of these records as a Runner would have written it: one file, its checksums right. */
export function encodeTrace(header: TraceHeader, records: Iterable<TraceRecord>): string {
  const kinds = new Map<string, number>();
  const lines: string[] = [];
  let lastUs = 0;
  let seq = 0;
  for (const record of records) {
    const { actor: a, machine: m, event: e, before: b, after: f, data, atUs } = record;
    const d = Object.keys(data);
    const key = JSON.stringify({ a, m, e, b, f, d });
    const known = kinds.get(key);
    const k = known ?? kinds.size;
    kinds.set(key, k);
    const kind = known === undefined ? `${JSON.stringify({ k, a, m, e, b, f, d })}\n` : '';
    const values = d.map((field) => `,${JSON.stringify(data[field] ?? null)}`).join('');
    lines.push(`${kind}[${atUs - lastUs},${k}${values}]\n`);
    lastUs = atUs;
    seq += 1;
  }
  const begin = { ...header, trace: TRACE_VERSION, part: 1, first_seq: 1, at_us: 0 };
  return blocks([
    `${JSON.stringify(begin)}\n`,
    ...chunks(lines),
    `${JSON.stringify({ end: 'closed', last_seq: seq })}\n`,
  ]);
}

function chunks(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < lines.length; i += BLOCK_RECORDS) found.push(lines.slice(i, i + BLOCK_RECORDS).join(''));
  return found;
}

/** Each with its end: a CRC of everything before it. */
function blocks(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) {
    text += part;
    const crc = crc32(Buffer.from(text)).toString(16).padStart(8, '0');
    text += `${JSON.stringify({ crc, bytes: Buffer.byteLength(part) })}\n`;
  }
  return text;
}
