import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { openRegularSync } from '../base/files/index.js';
import type { TraceEndFacts, TraceHeader } from './schema.js';

/** One file of a trace being written, block by block. Everything here throws what the disk says. */
export class TraceFileWriter {
  /** Bytes written after the header. */
  bytes = 0;
  readonly #descriptor: number;
  /** Of every byte so far. */
  #crc = 0;
  /** How far whole blocks go. */
  #soundBytes = 0;

  private constructor(readonly path: string) {
    this.#descriptor = openRegularSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  }

  /** Leaves no file behind when it fails. */
  static begin(folder: string, path: string, header: TraceHeader): TraceFileWriter {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const writer = new TraceFileWriter(path);
    try {
      writer.writeBlock(Buffer.from(`${JSON.stringify(header)}\n`));
    } catch (error) {
      writer.discard();
      throw error;
    }
    writer.bytes = 0; // the header does not count: a limit below its size would begin file after file
    return writer;
  }

  /** Whether readers still find the file: writing to a removed file succeeds, and the bytes are lost. */
  get isThere(): boolean {
    return fstatSync(this.#descriptor).nlink > 0;
  }

  writeBlock(lines: Uint8Array): void {
    const crc = crc32(lines, this.#crc);
    const end = Buffer.from(blockEnd(crc, lines.length));
    writeFully(this.#descriptor, lines);
    writeFully(this.#descriptor, end);
    this.#crc = crc32(end, crc);
    this.bytes += lines.length + end.length;
    this.#soundBytes += lines.length + end.length;
  }

  /** The last line, in a block of its own, so that it is checked like any other. */
  end(facts: TraceEndFacts): void {
    this.writeBlock(Buffer.from(`${JSON.stringify(facts)}\n`));
    this.#close();
  }

  /** Truncates a block that was written in part; the trace goes on in another file. */
  abandon(): void {
    try {
      ftruncateSync(this.#descriptor, this.#soundBytes);
    } catch {
      // A reader finds the torn line.
    }
    this.#close();
  }

  /** The file was not worth keeping. */
  discard(): void {
    this.#close();
    try {
      rmSync(this.path, { force: true });
    } catch {
      // It stays, as a file whose Runner was killed.
    }
  }

  #close(): void {
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

function writeFully(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const written = writeSync(descriptor, bytes, at);
    if (written <= 0) throw new Error('the device takes no bytes');
    at += written;
  }
}
