/**
 * A segment of raw pixels: one NPY file, 0600, reused for image after image.
 *
 * INVARIANTS
 * - It grows when an image needs more and never shrinks while the pool is open, so that readers may keep it mapped.
 * - The pixels start at NPY_HEADER_BYTES, whatever their shape.
 */
import type { RawImage, Shape } from './image.js';
import type { MapFile, Mapping } from './mapping.js';
import { NPY_HEADER_BYTES, npyHeader } from './npy.js';
import type { SegmentFile } from './segment-file.js';

const PAGE_BYTES = 4096;

export class RawSegment {
  #mapping: Mapping | undefined;
  #buffer = new Uint8Array(0);
  #shape = '';

  constructor(
    private readonly file: SegmentFile,
    private readonly mapFile: MapFile | undefined,
  ) {}

  get sizeBytes(): number {
    return this.file.sizeBytes;
  }

  /** Bytes a segment needs for this shape. */
  static sizeFor({ width, height, channels }: Shape): number {
    return Math.ceil((NPY_HEADER_BYTES + width * height * channels) / PAGE_BYTES) * PAGE_BYTES;
  }

  fill(image: RawImage): void {
    this.#prepare(image);
    this.#put(image.data, NPY_HEADER_BYTES);
  }

  /**
   * Room for an image that somebody else writes; it holds whatever was there before. `commit` completes it.
   *
   * @returns the pixels in the mapping itself, or in a buffer of their own where nothing is mapped
   */
  open(shape: Shape): Uint8Array {
    this.#prepare(shape);
    const length = shape.width * shape.height * shape.channels;
    if (this.#mapping !== undefined) return this.#mapping.bytes.subarray(NPY_HEADER_BYTES, NPY_HEADER_BYTES + length);
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length);
    return this.#buffer.subarray(0, length);
  }

  commit(pixels: Uint8Array): void {
    if (this.#mapping === undefined) this.file.write(pixels, NPY_HEADER_BYTES);
  }

  remove(): void {
    this.#mapping?.unmap();
    this.#mapping = undefined;
    this.file.remove();
  }

  #prepare(shape: Shape): void {
    this.#grow(RawSegment.sizeFor(shape));
    const key = `${shape.height}×${shape.width}×${shape.channels}`;
    if (key === this.#shape) return;
    this.#put(npyHeader(shape), 0);
    this.#shape = key;
  }

  #grow(sizeBytes: number): void {
    if (sizeBytes <= this.file.sizeBytes) return;
    this.file.reserve(sizeBytes);
    this.#mapping?.unmap();
    this.#mapping = this.mapFile?.(this.file.fd, sizeBytes);
  }

  #put(bytes: Uint8Array, position: number): void {
    if (this.#mapping === undefined) this.file.write(bytes, position);
    else this.#mapping.bytes.set(bytes, position);
  }
}
