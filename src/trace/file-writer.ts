import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { byBegin, isTraceName, parseTraceName } from './file-names.js';
import type { TraceHeader } from './schema.js';

/** One file of a trace being written, block by block. Everything here throws what the disk says. */
export class TraceFileWriter {
  /** Bytes written after the header. */
  bytes = 0;
  readonly #descriptor: number;
  /** Of every byte so far. */
  #crc = 0;

  private constructor(readonly path: string) {
    this.#descriptor = openSync(path, 'wx', 0o640);
  }

  static begin(folder: string, path: string, header: TraceHeader): TraceFileWriter {
    mkdirSync(folder, { recursive: true });
    const writer = new TraceFileWriter(path);
    writer.writeBlock(Buffer.from(`${JSON.stringify(header)}\n`));
    writer.bytes = 0; // the header does not count: a limit below its size would begin file after file
    return writer;
  }

  writeBlock(lines: Uint8Array): void {
    this.#crc = crc32(lines, this.#crc);
    const end = Buffer.from(blockEnd(this.#crc, lines.length));
    writeFully(this.#descriptor, lines);
    writeFully(this.#descriptor, end);
    this.#crc = crc32(end, this.#crc);
    this.bytes += lines.length + end.length;
  }

  /** The last line, in a block of its own, so that it is checked like any other. */
  end(how: 'closed' | 'rotated', lastSeq: number): void {
    this.writeBlock(Buffer.from(`${JSON.stringify({ end: how, last_seq: lastSeq })}\n`));
    this.abandon();
  }

  abandon(): void {
    try {
      closeSync(this.#descriptor);
    } catch {
      // The trace is best effort at its end; what was written stays.
    }
  }
}

/** The line that ends a block, with its line end: what a reader compares with, byte by byte. */
export const blockEnd = (crc: number, bytes: number): string =>
  `{"crc":"${crc.toString(16).padStart(8, '0')}","bytes":${bytes}}\n`;

/** Keeps the newest files of a folder, the one at `present` in any case: a clock may have been put back. */
export function pruneTraces(folder: string, filesMax: number, present: string): void {
  const files = readdirSync(folder)
    .filter(isTraceName)
    .map((name) => parseTraceName(join(folder, name)))
    .sort(byBegin);
  for (const { path } of files.slice(0, Math.max(0, files.length - filesMax))) if (path !== present) rmSync(path);
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}
