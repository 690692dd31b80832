import { RunnerError } from '../errors/index.js';
import type { EncodedSegment } from './encoded-segment.js';
import { checkEncodedImage, checkRawImage } from './image.js';
import type { ColorSpace, EncodedImage, RawImage, Shape } from './image.js';
import type { RawSegment } from './raw-segment.js';
import type { Segment, Slots, Taken } from './slots.js';

/**
 * The part of the call's `image_meta` that the pool knows, in its names on the wire; whoever calls adds `timestamp_ms`
 * and `camera_id` (contract §7).
 *
 * @property byte_length of an encoded image; raw pixels say their size themselves, in the NPY header
 */
export interface ImageMeta {
  readonly width: number;
  readonly height: number;
  readonly color_space?: ColorSpace;
  readonly byte_length?: number;
}

/** One image in one segment. Its bytes are valid until `release`, which happens once, however the call ended. */
export interface Lease {
  /** What goes on the wire as `shared_mem_id`: the segment is `<folder>/<sharedMemId>.npy` (raw) or `.bin` (encoded). */
  readonly sharedMemId: string;
  /** Which of the slot's leases this is, from 1. */
  readonly generation: number;
  readonly slot: number;
  readonly meta: ImageMeta;
  /** Gives the slot back. False if this lease had already ended; a lease that came after it is never touched. */
  release(): boolean;
}

export interface FilledLease extends Lease {
  /**
   * Writes an image of the same kind again, for a retry; `meta` follows.
   *
   * @throws RunnerError image_load_failed, image_pool_full; operation_conflict after `release`
   */
  refill(image: RawImage | EncodedImage): void;
}

export interface Reservation extends Lease {
  /**
   * Where a camera's driver writes its frame; it starts with whatever was there before.
   * Do not keep it beyond `release`: by then it belongs to another image.
   *
   * @throws RunnerError operation_conflict after `release`
   */
  readonly pixels: Uint8Array;
  /**
   * Makes the pixels visible to readers; before the call is sent, and again after every change.
   *
   * @throws RunnerError image_pool_full; operation_conflict after `release`
   */
  commit(): void;
}

abstract class SlotLease<S extends Segment> {
  readonly sharedMemId: string;
  readonly generation: number;
  readonly slot: number;
  readonly #segment: S;

  constructor(
    private readonly slots: Slots<S>,
    { slot, generation }: Taken<S>,
  ) {
    this.sharedMemId = slot.sharedMemId;
    this.slot = slot.index;
    this.generation = generation;
    this.#segment = slot.segment;
  }

  release(): boolean {
    return this.slots.giveBack(this.slot, this.generation);
  }

  protected get segment(): S {
    if (this.slots.holds(this.slot, this.generation)) return this.#segment;
    throw new RunnerError(
      'operation_conflict',
      `Lease ${this.generation} of image segment ${this.sharedMemId} has ended; the segment is no longer its own.`,
      { hint: 'Lease a segment again.' },
    );
  }
}

export class RawLease extends SlotLease<RawSegment> implements FilledLease {
  meta: ImageMeta;

  constructor(slots: Slots<RawSegment>, taken: Taken<RawSegment>, image: RawImage) {
    super(slots, taken);
    this.segment.fill(image);
    this.meta = rawMeta(image);
  }

  refill(image: RawImage): void {
    checkRawImage(image);
    this.segment.fill(image);
    this.meta = rawMeta(image);
  }
}

export class EncodedLease extends SlotLease<EncodedSegment> implements FilledLease {
  meta: ImageMeta;

  constructor(slots: Slots<EncodedSegment>, taken: Taken<EncodedSegment>, image: EncodedImage) {
    super(slots, taken);
    this.segment.fill(image);
    this.meta = encodedMeta(image);
  }

  refill(image: EncodedImage): void {
    checkEncodedImage(image);
    this.segment.fill(image);
    this.meta = encodedMeta(image);
  }
}

export class RawReservation extends SlotLease<RawSegment> implements Reservation {
  readonly meta: ImageMeta;
  readonly #pixels: Uint8Array;

  constructor(slots: Slots<RawSegment>, taken: Taken<RawSegment>, shape: ReservedShape) {
    super(slots, taken);
    this.#pixels = this.segment.open(shape);
    this.meta = rawMeta(shape);
  }

  get pixels(): Uint8Array {
    void this.segment; // throws when the lease has ended
    return this.#pixels;
  }

  commit(): void {
    this.segment.commit(this.#pixels);
  }
}

export interface ReservedShape extends Shape {
  readonly colorSpace?: ColorSpace;
}

function rawMeta({ width, height, colorSpace }: ReservedShape): ImageMeta {
  return { width, height, ...(colorSpace === undefined ? {} : { color_space: colorSpace }) };
}

function encodedMeta({ width, height, bytes }: EncodedImage): ImageMeta {
  return { width, height, byte_length: bytes.length };
}
