/**
 * The shared memory through which images reach algorithms (contract §7).
 *
 * INVARIANTS
 * - Each process has segments of its own, written when its call is dispatched: what waits holds none, and no release
 *   takes what another one needs.
 * - After `close` no descriptor and no file of the pool is left, and every lease and reservation has ended.
 * - A refused image or a full memory costs nothing: the next image finds all as it was.
 */
import { renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RunnerError } from '../base/errors/index.js';
import { DecodedFiles } from './decoded-files.js';
import type { DecodedFile } from './decoded-files.js';
import { OwnFolder } from './own-folder.js';
import { codeOf } from './pool-fault.js';
import { emptyPoolFolder, makePoolFolder, removePoolFolder, removeTree } from './pool-folder.js';
import type { Reclaimed } from './pool-folder.js';
import { ProcessImages } from './process-images.js';
import type { ImageReservation, ReservedShape } from './reservation.js';
import { Reservations } from './reservations.js';
import { DEFAULT_RESERVATION_MS, DEFAULT_RESERVATIONS, RESERVATIONS_MAX } from './pool-options.js';
import type { ImagePoolOptions, ImagePoolStats } from './pool-options.js';
import { SegmentFile, systemFiles } from './segment-file.js';
import type { FileOperations } from './segment-file.js';

/**
 * Opens the pool and removes what a dead Runner left in its folder (`pool.reclaimed` says what). The caller holds a lock
 * on the folder, or on whatever it belongs to: two pools never share one.
 *
 * @throws RunnerError host_unfit if the folder cannot be used, invalid_usage for a wrong number of reservations
 */
export async function openImagePool(options: ImagePoolOptions): Promise<ImagePool> {
  const { reservations = DEFAULT_RESERVATIONS } = options;
  if (!Number.isInteger(reservations) || reservations < 1 || reservations > RESERVATIONS_MAX) {
    throw new RunnerError('invalid_usage', `1 to ${RESERVATIONS_MAX} images may be reserved, not ${reservations}.`);
  }
  const folder = resolve(options.folder);
  makePoolFolder(folder);
  const reclaimed = await emptyPoolFolder(folder);
  return new ImagePool(folder, reclaimed, options);
}

export class ImagePool {
  readonly #files: FileOperations;
  readonly #own: OwnFolder;
  readonly #reservations: Reservations;
  readonly #decoded: DecodedFiles;
  readonly #processes = new Set<ProcessImages>();
  readonly #removals = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  readonly #told = new Set<string>();
  readonly #onProblem: (problem: RunnerError) => void;
  #leased = 0;
  #lastName = 0;
  #closing: Promise<void> | undefined;

  constructor(
    /** Absolute. */
    readonly folder: string,
    readonly reclaimed: Reclaimed,
    {
      reservations = DEFAULT_RESERVATIONS,
      reservationMs = DEFAULT_RESERVATION_MS,
      faults,
      onProblem,
    }: ImagePoolOptions,
  ) {
    this.#files = { ...systemFiles, ...faults };
    this.#onProblem = onProblem ?? (() => undefined);
    this.#own = new OwnFolder(folder, (path) => this.#clear(path));
    this.#own.adopt();
    const fileAt = (name: string) => new SegmentFile(join(folder, name), this.#files, (path) => this.#clear(path));
    const prepare = () => this.#prepare();
    this.#reservations = new Reservations({ countMax: reservations, expiryMs: reservationMs }, fileAt, prepare);
    this.#decoded = new DecodedFiles(folder, fileAt, prepare);
  }

  /**
   * The images of a process that is about to start; its owner closes them when it is gone.
   *
   * @param owner the release, for messages
   * @throws RunnerError runner_closed, store_io_failed
   */
  enter(owner: string): ProcessImages {
    this.#requireOpen();
    const folder = this.#freeFolder();
    const images: ProcessImages = new ProcessImages({
      ...{ owner, folder, files: this.#files, clear: (path: string) => this.#clear(path) },
      prepareParent: () => this.#prepare(),
      onDamage: (what) => this.#tell(owner, what),
      makeRoom: () => this.#trim(),
      onLease: (change) => (this.#leased += change),
      onClose: () => {
        this.#processes.delete(images);
        if (![...this.#processes].some((other) => other.owner === owner)) this.#decoded.forget(owner);
        this.#leave(folder);
      },
    });
    this.#processes.add(images);
    return images;
  }

  /**
   * A place for an image that the caller writes itself.
   *
   * @param owner the release it is meant for, where that is known: its file may then be one that release has used
   * @throws RunnerError image_load_failed, image_pool_full with details.retry_after_ms, runner_closed
   */
  reserve(shape: ReservedShape, owner: string | null = null): ImageReservation {
    this.#requireOpen();
    return this.#reservations.reserve(shape, owner);
  }

  /** Where a decoder may write an image for this release; null where it goes into memory instead. */
  decodedFile(owner: string): DecodedFile | null {
    return this.#closing === undefined ? this.#decoded.take(owner) : null;
  }

  stats(): ImagePoolStats {
    const { count, bytes } = this.#reservations;
    return {
      leased: this.#leased,
      free: Math.max(0, this.#processes.size - this.#leased),
      reserved: count,
      bytes: [...this.#processes].reduce((sum, images) => sum + images.bytes, bytes + this.#decoded.bytes),
    };
  }

  /**
   * Ends every lease and reservation and removes every segment and the folder. Closing again does nothing.
   *
   * @throws RunnerError store_io_failed naming what could not be removed, after removing all the rest
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#attempt(() => this.#reservations.close());
    this.#attempt(() => this.#decoded.close());
    for (const images of [...this.#processes]) this.#attempt(() => images.close());
    while (this.#removals.size > 0) await Promise.all(this.#removals);
    await removePoolFolder(this.folder).catch((error: unknown) => this.#failures.push(error));
    if (this.#failures.length === 0) return;
    const reasons = this.#failures.map((error) => (error instanceof Error ? error.message : String(error)));
    throw new RunnerError('store_io_failed', `The image pool ${this.folder} was not wholly removed: ${reasons[0]}.`, {
      details: { folder: this.folder, reasons },
    });
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failures.push(error);
    }
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new RunnerError('runner_closed', `The image pool ${this.folder} is closed.`);
  }

  #prepare(): void {
    const amiss = this.#own.prepare();
    if (amiss !== undefined) this.#tell('all releases', amiss);
  }

  #freeFolder(): string {
    const taken = new Set([...this.#processes].map((images) => images.folder));
    for (let number = 1; ; number += 1) {
      const folder = join(this.folder, `process-${number}`);
      if (!taken.has(folder)) return folder;
    }
  }

  /** Empty as a rule: what a process left in it goes beside everything else. */
  #leave(folder: string): void {
    try {
      rmdirSync(folder);
    } catch {
      this.#attempt(() => this.#clear(folder));
    }
  }

  /** Out of the way at once; what a folder holds is removed beside everything else. */
  #clear(path: string): void {
    try {
      unlinkSync(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      const aside = `removed-${(this.#lastName += 1)}`;
      const to = path === this.folder ? `${path}.${aside}` : join(this.folder, aside);
      renameSync(path, to);
      this.#remove(to);
    }
  }

  #remove(path: string): void {
    const removal = removeTree(path)
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  #trim(): void {
    this.#reservations.trim();
    this.#decoded.trim();
    for (const images of this.#processes) images.trim();
  }

  #tell(owner: string, what: string): void {
    const kind = `${owner} ${what.replaceAll(/\d+/g, '#')}`;
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#onProblem(
      new RunnerError('images_damaged', `The image memory of ${owner} was damaged and made anew: ${what}.`, {
        details: { release: owner, damage: what },
      }),
    );
  }
}
