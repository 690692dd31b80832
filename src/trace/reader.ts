import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { RunnerError } from '../errors/index.js';
import { blockLine, headerLine, kindLine } from './schema.js';
import type { TraceHeader, TraceKind, TraceRecord } from './schema.js';

/**
 * Reads a trace back, in order, record by record.
 *
 * @throws RunnerError store_io_failed when it cannot be opened; store_corrupt when a line cannot be understood or a block does not match its checksum; a file
 * that ends without its last block end (the Runner was killed) is read as far as its whole lines go.
 */
export async function* readTrace(file: string): AsyncGenerator<TraceRecord, TraceHeader> {
  const kinds = new Map<number, TraceKind>();
  let header: TraceHeader | undefined;
  let crc = 0;
  let bytes = 0;
  let seq = 0;
  let atUs = 0;
  let number = 0;
  let torn: RunnerError | undefined;

  for await (const line of linesOf(file)) {
    if (torn !== undefined) throw torn;
    number += 1;
    const value = parse(line);
    if (value === undefined) {
      torn = corrupt(file, number, 'is not JSON');
      continue;
    }
    if (isBlockEnd(value)) {
      if (value.bytes !== bytes || value.crc !== crc.toString(16).padStart(8, '0'))
        throw corrupt(file, number, 'ends a block whose checksum does not match');
      crc = bytes = 0;
      continue;
    }
    const raw = Buffer.from(`${line}\n`);
    crc = crc32(raw, crc);
    bytes += raw.length;
    if (number === 1) {
      header = read(headerLine, value, file, number);
    } else if (Array.isArray(value)) {
      const [dt, kind, ...values] = value as [number, number, ...unknown[]];
      const known = kinds.get(kind);
      if (known === undefined) throw corrupt(file, number, `uses kind ${kind}, which no line declares`);
      seq += 1;
      atUs += dt;
      const data = Object.fromEntries(known.d.map((field, i) => [field, values[i]]));
      yield { seq, atUs, actor: known.a, machine: known.m, event: known.e, data, before: known.b, after: known.f };
    } else {
      const kind = read(kindLine, value, file, number);
      kinds.set(kind.k, kind);
    }
  }
  if (header === undefined) throw corrupt(file, 1, 'is not the header of a trace');
  return header;
}

/** Whole lines, and at the end whatever is left without one. */
async function* linesOf(file: string): AsyncGenerator<string, void> {
  const handle = await openTrace(file);
  let rest = '';
  for await (const chunk of handle.createReadStream({ encoding: 'utf8' })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function openTrace(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (cause) {
    throw new RunnerError('store_io_failed', `The trace ${file} cannot be read.`, { cause, details: { file } });
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const isBlockEnd = (value: unknown): value is { crc: string; bytes: number } => blockLine.safeParse(value).success;

function read<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  value: unknown,
  file: string,
  line: number,
): T {
  const result = schema.safeParse(value);
  if (!result.success || result.data === undefined) throw corrupt(file, line, 'is not a line of a trace');
  return result.data;
}

const corrupt = (file: string, line: number, what: string): RunnerError =>
  new RunnerError('store_corrupt', `Line ${line} of ${file} ${what}.`, {
    hint: 'The records before it are sound. Keep the file; something other than the Runner changed it or the disk is failing.',
    details: { file, line },
  });
