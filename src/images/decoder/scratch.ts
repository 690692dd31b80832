import { closeSync, ftruncate, openSync, read, unlinkSync, write } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRoomy } from '../shared-memory.js';

const [readAt, writeAt, truncate] = [promisify(read), promisify(write), promisify(ftruncate)];

/** Memory that stays with the file from image to image; that of larger ones is given back at once. */
const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * A file that two processes have open and that has no name: the way of bytes to a decoder, and of pixels back. Nothing
 * of it is left when both are gone, however they went.
 */
export class Scratch {
  readonly fd: number;
  #sizeBytes = 0;

  /** @throws Error of the file system */
  constructor() {
    const path = join(scratchFolder(), `procvision-scratch-${randomUUID()}`);
    this.fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
  }

  async put(bytes: Uint8Array): Promise<void> {
    await writeFully(this.fd, bytes);
    this.#sizeBytes = Math.max(this.#sizeBytes, bytes.length);
  }

  async take(length: number): Promise<Uint8Array> {
    this.#sizeBytes = Math.max(this.#sizeBytes, length);
    const { buffer, byteOffset } = await readFully(this.fd, length);
    return new Uint8Array(buffer, byteOffset, length);
  }

  async trim(): Promise<void> {
    if (this.#sizeBytes <= KEPT_BYTES) return;
    this.#sizeBytes = 0;
    await truncate(this.fd, 0);
  }

  close(): void {
    closeSync(this.fd);
  }
}

const scratchFolder = (): string => (isRoomy('/dev/shm') ? '/dev/shm' : tmpdir());

/** All of `bytes`, from `position` in the file on. */
export async function writeFully(fd: number, bytes: Uint8Array, position = 0): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await writeAt(fd, bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}

/** The first `length` bytes of the file. @throws Error when it has fewer */
export async function readFully(fd: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await readAt(fd, bytes, at, length - at, at);
    if (bytesRead === 0) throw new Error(`the scratch file ends at ${at} of ${length} bytes`);
    at += bytesRead;
  }
  return bytes;
}
