import { RunnerError } from '../base/errors/index.js';
import { checkShape } from './image.js';
import { ReservedImage } from './reserved-image.js';
import type { ReservedShape } from './reservation.js';
import type { ReservedSlot } from './reserved-image.js';
import type { SegmentFile } from './segment-file.js';
import { settingHint } from '../../machines/setting-hint.js';

export interface ReservationLimits {
  /** Images that may be reserved at a time. */
  readonly countMax: number;
  /** After so many milliseconds without a use a reservation ends by itself. */
  readonly expiryMs: number;
}

/**
 * The images that hosts have reserved.
 *
 * INVARIANTS
 * - There are never more than `countMax`, and none that nobody uses for ever.
 * - A slot that comes back keeps its file, warm, for the next image of the same release.
 */
export class Reservations {
  readonly #limits: ReservationLimits;
  readonly #prepare: () => void;
  readonly #free: ReservedSlot[];
  readonly #slots: readonly ReservedSlot[];
  readonly #open = new Map<ReservedImage, ReservedSlot>();

  constructor(limits: ReservationLimits, fileAt: (name: string) => SegmentFile, prepare: () => void) {
    this.#limits = limits;
    this.#prepare = prepare;
    this.#slots = Array.from({ length: limits.countMax }, (_, index) => ({
      file: fileAt(`res-${String(index).padStart(2, '0')}.npy`),
      seenBy: null,
    }));
    this.#free = this.#slots.toReversed();
  }

  get count(): number {
    return this.#open.size;
  }

  get bytes(): number {
    return this.#slots.reduce((sum, { file }) => sum + file.sizeBytes, 0);
  }

  /** @throws RunnerError image_load_failed for a shape that is none, image_pool_full */
  reserve(shape: ReservedShape, owner: string | null): ReservedImage {
    checkShape(shape);
    const known = this.#free.findLastIndex(({ seenBy }) => seenBy === owner);
    const [slot] = this.#free.splice(known, 1); // −1, none of this release: the last one
    if (slot === undefined) throw this.#refusal();
    const { expiryMs } = this.#limits;
    const reserved: ReservedImage = new ReservedImage(slot, shape, {
      ...{ owner, expiryMs, prepare: this.#prepare },
      onEnd: () => {
        if (this.#open.delete(reserved)) this.#free.push(slot);
      },
    });
    this.#open.set(reserved, slot);
    return reserved;
  }

  /** Memory of slots that nobody holds. */
  trim(): void {
    for (const { file } of this.#free) file.remove();
  }

  close(): void {
    for (const reserved of [...this.#open.keys()]) reserved.end('ended with its Runner');
    for (const { file } of this.#slots) file.remove();
    this.#free.length = 0;
  }

  #refusal(): RunnerError {
    const { countMax, expiryMs } = this.#limits;
    return new RunnerError('image_pool_full', `All ${countMax} images that may be reserved at a time are reserved.`, {
      hint: settingHint('Release them after their calls, or have more', 'images.segments'),
      details: {
        reason: 'no_free_reservation',
        reserved: countMax,
        retry_after_ms: Math.min(expiryMs, RETRY_AFTER_MS),
      },
    });
  }
}

/** A call is over, as a rule, in less. */
const RETRY_AFTER_MS = 100;
