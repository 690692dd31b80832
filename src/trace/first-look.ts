import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { openRegularSync } from '../base/files/index.js';
import { BlockCutter } from './blocks.js';
import { emptyTrace } from './corrupt.js';
import { TraceDecoder } from './decoder.js';
import type { ReadBefore } from './gap.js';
import { checkedBlocks, readTraceHeader } from './reader.js';
import { lastWordsIn } from './retention.js';
import type { TraceEndFacts, TraceHeader } from './schema.js';

/** What a file says of itself at its begin and its end; its records are not read. */
export interface FirstLook {
  readonly header: TraceHeader;
  /** null: it was not brought to its end. */
  readonly end: TraceEndFacts | null;
  readonly bytes: number;
}

/** The block of the header is smaller. */
const FIRST_BYTES = 8 * 1024;

/** Takes some fifty microseconds, without a turn of the loop. @throws RunnerError as readTraceHeader */
export async function lookAt(file: string): Promise<FirstLook> {
  const descriptor = openRegularSync(file, constants.O_RDONLY);
  let look: Omit<FirstLook, 'header'> & { readonly header: TraceHeader | null };
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) throw emptyTrace(file);
    const first = Buffer.alloc(FIRST_BYTES);
    const read = readSync(descriptor, first, 0, FIRST_BYTES, 0);
    look = {
      header: headerIn(file, first.subarray(0, read)),
      end: lastWordsIn(descriptor, size),
      bytes: size,
    };
  } finally {
    closeSync(descriptor);
  }
  return { ...look, header: look.header ?? (await readTraceHeader(file)) };
}

/** null: its block does not end among these bytes. */
function headerIn(file: string, bytes: Buffer): TraceHeader | null {
  const decoder = new TraceDecoder(file);
  for (const block of new BlockCutter(file).push(bytes)) {
    decoder.pass(block);
    if (decoder.header !== null) return decoder.header;
  }
  return null;
}

/**
 * Which record is the last of a file: it says so itself when it was brought to its end, any other is read through.
 *
 * @throws RunnerError as readTrace
 */
export async function lastRecordOf(file: string, look?: FirstLook): Promise<ReadBefore> {
  const { header, end } = look ?? (await lookAt(file));
  return { file, run: header.run, lastSeq: end?.last_seq ?? (await lastSeqIn(file)) };
}

async function lastSeqIn(file: string): Promise<number> {
  const decoder = new TraceDecoder(file);
  for await (const block of checkedBlocks(file)) decoder.pass(block);
  return decoder.lastSeq;
}
