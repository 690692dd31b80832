import { RunnerError } from '../base/errors/index.js';
import { openRegular } from '../base/files/index.js';
import { BlockCutter } from './blocks.js';
import type { Block } from './blocks.js';
import { corrupt, emptyTrace, MOVE_AWAY } from './corrupt.js';
import { TraceDecoder } from './decoder.js';
import { visitLines } from './lines.js';
import type { TraceHeader, TraceRecord, TraceStanding } from './schema.js';

/**
 * Reads one file of a trace, in order, record by record.
 *
 * @returns its header, at the end; `readTraceHeader` gives it at once
 * @throws RunnerError store_io_failed when it cannot be read; store_corrupt, naming file, block and line, when a block
 * does not match its checksum or a line cannot be understood. A file that ends without its last block end (the Runner was
 * killed) is read as far as its whole lines go.
 */
export async function* readTrace(file: string): AsyncGenerator<TraceRecord, TraceHeader> {
  const blocks = readBlocks(file);
  try {
    for (let next = await blocks.next(); ; next = await blocks.next()) {
      if (next.done === true) return next.value.header;
      yield* next.value;
    }
  } finally {
    await blocks.return(undefined as never); // whoever stops early must not leave the file open
  }
}

/** Told now and then which share of a file was read, from 0 to 1. */
export type OnShare = (share: number) => void;

/** Which blocks of a file are worth taking apart; the others are held against their checksums and passed over. */
export interface BlockChoice {
  /** Asked for each block in order. @param firstSeq @param lastSeq numbers of the records in it */
  isWanted(firstSeq: number, lastSeq: number): boolean;
  /** Asked for each record of a wanted block, in order. */
  has(record: TraceRecord): boolean;
}

/** @property lastSeq number of its last record; that before its first one when there is none */
interface FileFacts {
  readonly header: TraceHeader;
  readonly lastSeq: number;
}

/** The same block by block: a turn for every record costs more than the record. @throws as readTrace */
export async function* readBlocks(
  file: string,
  choice: BlockChoice | null = null,
  onShare?: OnShare,
): AsyncGenerator<readonly TraceRecord[], FileFacts> {
  const decoder = new TraceDecoder(file);
  for await (const block of checkedBlocks(file, onShare)) {
    const records = choice === null ? decoder.decode(block) : chosen(block, decoder, choice);
    if (records.length > 0) yield records;
  }
  if (decoder.header === null) throw headless(file, 0);
  return { header: decoder.header, lastSeq: decoder.lastSeq };
}

function chosen(block: Block, decoder: TraceDecoder, choice: BlockChoice): readonly TraceRecord[] {
  let count = 0;
  visitLines(block.text, { record: () => void (count += 1), other: () => undefined });
  const first = (decoder.header === null ? 0 : decoder.lastSeq) + 1;
  if (decoder.header !== null && !choice.isWanted(first, first + count - 1)) {
    decoder.pass(block);
    return [];
  }
  return decoder.decode(block).filter((record) => choice.has(record));
}

/** The lines of a file, block by block, each held against its checksum. @throws as readTrace */
export async function* checkedBlocks(file: string, onShare?: OnShare): AsyncGenerator<Block, void> {
  const cutter = new BlockCutter(file);
  for await (const bytes of bytesOf(file, onShare)) yield* cutter.push(bytes);
  const rest = cutter.rest();
  if (rest !== null) yield rest;
}

/** What a file says of itself. @throws as readTrace */
export async function readTraceHeader(file: string): Promise<TraceHeader> {
  const cutter = new BlockCutter(file);
  const decoder = new TraceDecoder(file);
  let read = 0;
  for await (const bytes of bytesOf(file)) {
    read += bytes.length;
    for (const block of cutter.push(bytes)) {
      decoder.pass(block);
      if (decoder.header !== null) return decoder.header;
    }
    if (read > HEADER_BYTES_MAX) break;
  }
  const rest = cutter.rest();
  if (rest !== null) decoder.pass(rest);
  throw headless(file, read);
}

/** Where every actor stood when a file was begun; nothing for the first of a run. @throws as readTrace */
export async function readStandings(file: string): Promise<readonly TraceStanding[]> {
  const cutter = new BlockCutter(file);
  const decoder = new TraceDecoder(file);
  for await (const bytes of bytesOf(file))
    for (const block of cutter.push(bytes)) if (decoder.decode(block).length > 0) return decoder.standings;
  return decoder.standings;
}

/** The first block holds the header; a recorder ends it long before. */
const HEADER_BYTES_MAX = 64 * 1024 * 1024;

const headless = (file: string, bytesRead: number): RunnerError =>
  bytesRead === 0 ? emptyTrace(file) : corrupt({ file, block: 1, line: 1 }, 'is not the header of a trace', MOVE_AWAY);

async function* bytesOf(file: string, onShare: OnShare = () => undefined): AsyncGenerator<Buffer> {
  const failed = (cause: unknown): RunnerError =>
    new RunnerError('store_io_failed', `The trace ${file} cannot be read.`, { cause, details: { file } });
  const handle = await openRegular(file, 'follow').catch((cause: unknown) => {
    throw failed(cause);
  });
  try {
    const { size } = await handle.stat();
    let read = 0;
    const stream = handle.createReadStream({ autoClose: false, highWaterMark: 128 * 1024 });
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      yield bytes;
      read += bytes.length;
      onShare(Math.min(1, read / size));
    }
  } catch (cause) {
    throw cause instanceof RunnerError ? cause : failed(cause);
  } finally {
    await handle.close();
  }
}
