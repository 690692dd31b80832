/**
 * The pool of shared-memory segments through which images reach algorithms (contract §7).
 *
 * INVARIANTS
 * - Segments have constant names, `raw-00.npy`… and `enc-00.bin`…, so that readers may keep their mappings, and no id
 *   ever stands for both kinds.
 * - After `close` no descriptor, mapping or file of the pool is left, and every lease has ended.
 * - A refused image or a full memory costs nothing: the slot is free again and the next image may use it.
 */
import { statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RunnerError } from '../errors/index.js';
import { EncodedSegment } from './encoded-segment.js';
import { checkEncodedImage, checkRawImage, checkShape, isEncoded } from './image.js';
import type { EncodedImage, RawImage } from './image.js';
import { EncodedLease, RawLease, RawReservation } from './lease.js';
import type { FilledLease, Reservation, ReservedShape } from './lease.js';
import { loadMapFile } from './mapping.js';
import type { MapFile } from './mapping.js';
import { preparePoolFolder, removePoolFolder } from './pool-folder.js';
import type { Reclaimed } from './pool-folder.js';
import { RawSegment } from './raw-segment.js';
import { SegmentFile, systemFiles } from './segment-file.js';
import type { FileOperations } from './segment-file.js';
import { Slots } from './slots.js';
import type { Segment, Taken } from './slots.js';

const MAX_SEGMENTS = 256;
const TMPFS_MAGIC = 0x01021994;

export interface ImagePoolOptions {
  /** A folder of this Runner's own, mode 700; made when it is not there. Its parent must exist. */
  readonly folder: string;
  /** Segments of each kind, raw and encoded: how many images may be on their way at a time. 8 by default. */
  readonly segments?: number;
  /** Whether to write through mappings where the host can; true by default. Without, images go by write calls. */
  readonly preferMmap?: boolean;
  /** Test hook: file operations that fail on purpose. */
  readonly faults?: Partial<FileOperations>;
}

/** `bytes`: memory the segments hold. `mmap`: images are written through mappings; `plain`: by write calls. */
export interface ImagePoolStats {
  readonly mode: 'mmap' | 'plain';
  readonly free: number;
  readonly leased: number;
  readonly bytes: number;
}

/**
 * Opens the pool and removes the segments a dead Runner left in its folder (`pool.reclaimed` says what). The caller
 * holds a lock on whatever the folder belongs to: two pools never share one.
 *
 * @throws RunnerError host_unfit if the folder cannot be used, invalid_usage for a wrong number of segments
 */
export async function openImagePool(options: ImagePoolOptions): Promise<ImagePool> {
  const segments = options.segments ?? 8;
  if (!Number.isInteger(segments) || segments < 1 || segments > MAX_SEGMENTS) {
    throw new RunnerError('invalid_usage', `An image pool has 1 to ${MAX_SEGMENTS} segments, not ${segments}.`);
  }
  const folder = resolve(options.folder);
  const reclaimed = preparePoolFolder(folder);
  // Only a tmpfs keeps what was written once: elsewhere a disk may be full when a mapped page is written back.
  const mappable = (options.preferMmap ?? true) && statfsSync(folder).type === TMPFS_MAGIC;
  const mapFile = mappable ? await loadMapFile() : undefined;
  return new ImagePool(folder, reclaimed, segments, { ...systemFiles, ...options.faults }, mapFile);
}

export class ImagePool {
  readonly #mode: 'mmap' | 'plain';
  readonly #raw: Slots<RawSegment>;
  readonly #encoded: Slots<EncodedSegment>;
  #closed = false;

  constructor(
    /** Absolute; what processes get as PROC_SHM_DIR. */
    readonly folder: string,
    readonly reclaimed: Reclaimed,
    segments: number,
    files: FileOperations,
    mapFile: MapFile | undefined,
  ) {
    const file = (name: string) => new SegmentFile(join(folder, name), files);
    this.#mode = mapFile === undefined ? 'plain' : 'mmap';
    this.#raw = new Slots('raw', segments, (id) => new RawSegment(file(`${id}.npy`), mapFile));
    this.#encoded = new Slots('enc', segments, (id) => new EncodedSegment(file(`${id}.bin`)));
  }

  /**
   * Writes an image into a free segment. Synchronous: when it returns, readers see the image.
   *
   * @throws RunnerError image_load_failed for an image that is not what it says, image_pool_full when no segment is
   *   free or the memory is full, runner_closed after `close`
   */
  lease(image: RawImage | EncodedImage): FilledLease {
    if (isEncoded(image)) {
      checkEncodedImage(image);
      return this.#take(this.#encoded, 0, (taken) => new EncodedLease(this.#encoded, taken, image));
    }
    checkRawImage(image);
    return this.#take(this.#raw, RawSegment.sizeFor(image), (taken) => new RawLease(this.#raw, taken, image));
  }

  /**
   * A free segment for a raw image that the caller writes itself, without a copy where the pool maps its segments.
   *
   * @throws RunnerError as `lease` does
   */
  reserve(shape: ReservedShape): Reservation {
    checkShape(shape);
    return this.#take(this.#raw, RawSegment.sizeFor(shape), (taken) => new RawReservation(this.#raw, taken, shape));
  }

  stats(): ImagePoolStats {
    const raw = this.#raw.stats();
    const encoded = this.#encoded.stats();
    return {
      mode: this.#mode,
      free: raw.free + encoded.free,
      leased: raw.leased + encoded.leased,
      bytes: raw.bytes + encoded.bytes,
    };
  }

  /**
   * Ends every lease and removes every segment and the folder. Closing again does nothing.
   *
   * @throws RunnerError store_io_failed naming what could not be removed, after removing all the rest
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const failures = [...this.#raw.close(), ...this.#encoded.close()];
    try {
      removePoolFolder(this.folder);
    } catch (error) {
      failures.push(error);
    }
    if (failures.length === 0) return;
    const reasons = failures.map((error) => (error instanceof Error ? error.message : String(error)));
    throw new RunnerError('store_io_failed', `The image pool ${this.folder} was not wholly removed: ${reasons[0]}.`, {
      details: { folder: this.folder, reasons },
    });
  }

  #take<S extends Segment, L>(slots: Slots<S>, sizeBytes: number, lease: (taken: Taken<S>) => L): L {
    if (this.#closed) throw new RunnerError('runner_closed', `The image pool ${this.folder} is closed.`);
    const taken = slots.take(sizeBytes);
    if (taken === undefined) {
      const { leased } = slots.stats();
      throw new RunnerError('image_pool_full', `All ${leased} image segments of this kind are on their way in calls.`, {
        details: { reason: 'no_free_segment', leased },
      });
    }
    try {
      return lease(taken);
    } catch (error) {
      slots.giveBack(taken.slot.index, taken.generation);
      throw error;
    }
  }
}
