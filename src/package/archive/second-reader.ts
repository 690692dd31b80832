import type { FileHandle } from 'node:fs/promises';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import type { Entry } from 'yauzl';
import { RunnerError } from '../../base/errors/index.js';
import type { LoopBreaks } from '../loop-breaks.js';
import type { CentralHeader } from './headers.js';
import { refusal } from './refusal.js';
import { WindowReader } from './window-reader.js';
import type { Sizes } from './zip64.js';

/** An entry as our own reader understood it. */
export interface ReadEntry extends Sizes {
  readonly header: CentralHeader;
  readonly name: string;
  readonly offset: number;
}

/**
 * Reads the directory once more with a library that shares no code with our own reader: a zip on which the two disagree
 * is refused, whatever else is right about it.
 *
 * @throws RunnerError invalid_zip
 */
export async function checkSecondReader(
  handle: FileHandle,
  zipBytes: number,
  entries: readonly ReadEntry[],
  breaks: LoopBreaks,
): Promise<void> {
  let seen = 0;
  try {
    const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
    const zip = await fromRandomAccessReaderPromise(new Windows(handle), zipBytes, options);
    for await (const found of zip.eachEntry()) {
      const entry = entries[seen];
      if (entry === undefined || !isSame(entry, found)) throw disagreement(entry?.name);
      seen += 1;
      await breaks.pause();
    }
  } catch (cause) {
    if (cause instanceof RunnerError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refusal('directory', `is damaged: ${reason}`, undefined, cause);
  }
  if (seen !== entries.length) throw disagreement(entries[seen]?.name);
}

function isSame({ header, offset, size, compressedSize }: ReadEntry, found: Entry): boolean {
  return (
    found.fileNameRaw.equals(header.nameRaw) &&
    found.uncompressedSize === size &&
    found.compressedSize === compressedSize &&
    found.crc32 === header.crc32 &&
    found.compressionMethod === header.method &&
    found.generalPurposeBitFlag === header.flags &&
    found.externalFileAttributes === header.externalAttributes &&
    found.relativeOffsetOfLocalHeader === offset
  );
}

const disagreement = (name: string | undefined): RunnerError =>
  refusal('directory', 'is not the same for every reader of zips', name);

/** Lets the library read through a window; the handle stays the caller's. */
class Windows extends RandomAccessReader {
  readonly #reader: WindowReader;

  constructor(handle: FileHandle) {
    super();
    this.#reader = new WindowReader(handle);
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#reader.read(position, length).then(
      (found) => callback(null, found.copy(buffer, offset)),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
