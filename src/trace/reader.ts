import { RunnerError } from '../errors/index.js';
import { openRegular } from '../files/index.js';
import { BlockCutter } from './blocks.js';
import type { Block } from './blocks.js';
import { corrupt } from './corrupt.js';
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
): AsyncGenerator<readonly TraceRecord[], FileFacts> {
  const decoder = new TraceDecoder(file);
  for await (const block of checkedBlocks(file)) {
    const records = choice === null ? decoder.decode(block) : chosen(block, decoder, choice);
    if (records.length > 0) yield records;
  }
  if (decoder.header === null) throw corrupt({ file, block: 1, line: 1 }, 'is not the header of a trace');
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
export async function* checkedBlocks(file: string): AsyncGenerator<Block, void> {
  const cutter = new BlockCutter(file);
  for await (const bytes of bytesOf(file)) yield* cutter.push(bytes);
  const rest = cutter.rest();
  if (rest !== null) yield rest;
}

/** What a file says of itself. @throws as readTrace */
export async function readTraceHeader(file: string): Promise<TraceHeader> {
  const cutter = new BlockCutter(file);
  const decoder = new TraceDecoder(file);
  for await (const bytes of bytesOf(file)) {
    for (const block of cutter.push(bytes)) {
      decoder.decode(block);
      if (decoder.header !== null) return decoder.header;
    }
  }
  throw corrupt({ file, block: 1, line: 1 }, 'is not the header of a trace');
}

/** Where every actor stood when a file was begun; nothing for the first of a run. @throws as readTrace */
export async function readStandings(file: string): Promise<readonly TraceStanding[]> {
  const cutter = new BlockCutter(file);
  const decoder = new TraceDecoder(file);
  for await (const bytes of bytesOf(file))
    for (const block of cutter.push(bytes)) if (decoder.decode(block).length > 0) return decoder.standings;
  return decoder.standings;
}

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const failed = (cause: unknown): RunnerError =>
    new RunnerError('store_io_failed', `The trace ${file} cannot be read.`, { cause, details: { file } });
  const handle = await openRegular(file, 'follow').catch((cause: unknown) => {
    throw failed(cause);
  });
  try {
    yield* handle.createReadStream({ autoClose: false, highWaterMark: 128 * 1024 }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw cause instanceof RunnerError ? cause : failed(cause);
  } finally {
    await handle.close();
  }
}
