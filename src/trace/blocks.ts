import { crc32 } from 'node:zlib';
import { corrupt } from './corrupt.js';
import { blockEnd } from './file-writer.js';

/** Lines between two block ends. */
export interface Block {
  readonly text: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  /** Number of the block, from 1. */
  readonly number: number;
}

const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);
const END = Buffer.from('{"crc":');
const FORMAT_1 = Buffer.from('{"trace":1,');

/**
 * Cuts the bytes of a trace file into its blocks and compares each with its checksum.
 *
 * INVARIANTS
 * - Nothing of a block is given out before its checksum is right; every byte of the file is under one.
 * - What follows the last block end is the rest: a Runner writes it, or was killed while it did.
 */
export class BlockCutter {
  #bytes: Buffer = EMPTY;
  /** Start of the first line not yet looked at. */
  #at = 0;
  #line = 1;
  #lineOfBlock = 1;
  #number = 1;
  /** Of every byte before this block; of format 1: nothing. */
  #crc = 0;
  #isChained = true;

  constructor(readonly file: string) {}

  /** Gives the blocks that these bytes complete; to be taken to its end. @throws RunnerError store_corrupt */
  *push(bytes: Buffer): Generator<Block, void> {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const lineEnd = this.#bytes.indexOf(NEWLINE, this.#at);
      if (lineEnd < 0) return;
      const block = startsWith(this.#bytes, END, this.#at) ? this.#cut(lineEnd + 1) : null;
      if (block === null) this.#at = lineEnd + 1;
      this.#line += 1;
      if (block !== null) yield block;
    }
  }

  /**
   * The whole lines of a block without its end; a line that was torn is left out.
   *
   * @throws RunnerError store_corrupt when the last line is no torn one
   */
  rest(): Block | null {
    const torn = this.#bytes.subarray(this.#at).toString();
    const expected = blockEnd(this.#crcUpTo(this.#at), this.#at);
    if (torn.startsWith('{"c') && !expected.startsWith(torn)) throw this.#broken();
    if (this.#at === 0) return null;
    return { text: this.#text(this.#at), line: this.#lineOfBlock, number: this.#number };
  }

  /** @param to where the line of the block end ends */
  #cut(to: number): Block {
    const from = this.#at;
    if (this.#number === 1) this.#isChained = !startsWith(this.#bytes, FORMAT_1, 0);
    const crc = this.#crcUpTo(from);
    const end = this.#bytes.subarray(from, to);
    if (end.toString() !== blockEnd(crc, from)) throw this.#broken();
    const block = { text: this.#text(from), line: this.#lineOfBlock, number: this.#number };
    this.#crc = this.#isChained ? crc32(end, crc) : 0;
    this.#bytes = this.#bytes.subarray(to);
    this.#at = 0;
    this.#number += 1;
    this.#lineOfBlock = this.#line + 1;
    return block;
  }

  #crcUpTo(to: number): number {
    return crc32(this.#bytes.subarray(0, to), this.#crc);
  }

  #text(to: number): string {
    return this.#bytes.toString('utf8', 0, to);
  }

  #broken() {
    const place = { file: this.file, block: this.#number, line: this.#line };
    return corrupt(place, `ends a block that does not match its checksum (it began at line ${this.#lineOfBlock})`);
  }
}

const startsWith = (bytes: Buffer, prefix: Buffer, at: number): boolean =>
  bytes.length - at >= prefix.length && bytes.compare(prefix, 0, prefix.length, at, at + prefix.length) === 0;
