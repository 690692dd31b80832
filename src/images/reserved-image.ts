/**
 * A place for one image, given to a host before there is a call, so that a camera's driver writes it once for all calls
 * of an inspection.
 *
 * INVARIANTS
 * - `pixels` is ordinary memory of this reservation alone, never a mapping of the file: whatever an algorithm does to the
 *   file, writing to it is safe, and a camera that writes on after the end reaches no later image.
 * - The file is named to processes of one release alone; a file that another release has seen is not used again for it.
 * - It ends once: released, expired, or with its pool; calls that look at it then keep it until they let go.
 */
import { readSync } from 'node:fs';
import { RunnerError } from '../base/errors/index.js';
import type { ColorSpace, RawImage, Shape } from './image.js';
import { NPY_HEADER_BYTES, npyHeader } from './npy.js';
import type { SegmentFile } from './segment-file.js';
import type { ImageReservation, ReservedShape } from './reservation.js';

/** What is kept from one reservation to the next: a warm file. */
export interface ReservedSlot {
  readonly file: SegmentFile;
  /** The release whose processes were told of the file; null while nobody was. */
  seenBy: string | null;
}

export interface ReservationOptions {
  /** The release it is meant for, where that is known. */
  readonly owner: string | null;
  readonly expiryMs: number;
  /** The pool's folder is whole afterwards. */
  readonly prepare: () => void;
  /** Nobody uses the slot any more. */
  readonly onEnd: () => void;
}

/** How one process gets the image: the file itself under a second name, or a copy of the pixels. */
export type Handing =
  | { readonly kind: 'file'; link(path: string): void | Promise<void> }
  | { readonly kind: 'copy'; readonly image: RawImage };

export class ReservedImage implements ImageReservation {
  readonly width: number;
  readonly height: number;
  readonly channels: Shape['channels'];
  declare readonly colorSpace?: ColorSpace;
  readonly #slot: ReservedSlot;
  readonly #options: ReservationOptions;
  readonly #bytes: number;
  #owner: string | null;
  #pixels: Uint8Array | null = null;
  /** Where the pixels are written by whoever holds it. */
  #source: 'nowhere' | 'memory' | 'file' = 'nowhere';
  #dirty = false;
  #committing: Promise<void> | null = null;
  #uses = 0;
  #ended: string | null = null;
  #expiry: NodeJS.Timeout | undefined;

  constructor(slot: ReservedSlot, shape: ReservedShape, options: ReservationOptions) {
    this.#slot = slot;
    this.#options = options;
    this.#owner = options.owner;
    this.width = shape.width;
    this.height = shape.height;
    this.channels = shape.channels;
    if (shape.colorSpace !== undefined) this.colorSpace = shape.colorSpace;
    this.#bytes = shape.width * shape.height * shape.channels;
    this.#rest();
  }

  get pixels(): Uint8Array {
    this.#requireOpen();
    this.#source = 'memory';
    this.#dirty = true;
    return this.#memory;
  }

  get file(): { readonly path: string; readonly offsetBytes: number } {
    this.#requireOpen();
    this.#freshFor(this.#owner);
    this.#options.prepare();
    this.#slot.file.prepare();
    if (this.#slot.file.sizeBytes !== this.#sizeBytes) void this.#slot.file.write([this.#header()], this.#sizeBytes);
    if (this.#source === 'nowhere') this.#source = 'file';
    return { path: this.#slot.file.path, offsetBytes: NPY_HEADER_BYTES };
  }

  async commit(): Promise<void> {
    this.#requireOpen();
    if (this.#uses > 0) throw conflict('cannot be written while a call looks at it');
    this.#dirty = this.#source === 'memory';
    await this.#commit();
  }

  release(): boolean {
    return this.end('was released');
  }

  /** @internal What it stands for from now on. False if it had ended. */
  end(how: string): boolean {
    if (this.#ended !== null) return false;
    this.#ended = how;
    clearTimeout(this.#expiry);
    if (this.#uses === 0) this.#finish();
    return true;
  }

  /**
   * @internal A call is to look at it; `unuse` follows.
   * @throws RunnerError operation_conflict after the end, image_load_failed when nothing was written
   */
  async use(owner: string): Promise<void> {
    this.#requireOpen();
    if (this.#source === 'nowhere') {
      throw new RunnerError('image_load_failed', 'The reserved image was never written.', {
        hint: 'Write `pixels`, or the file that `file` names, before the call.',
      });
    }
    this.#uses += 1;
    clearTimeout(this.#expiry);
    try {
      if (this.#uses === 1) {
        this.#owner = owner;
        this.#freshFor(owner);
      }
      await this.#commit();
    } catch (error) {
      this.unuse();
      throw error;
    }
  }

  /** @internal */
  unuse(): void {
    this.#uses -= 1;
    if (this.#uses > 0) return;
    if (this.#ended === null) this.#rest();
    else this.#finish();
  }

  /** @internal For a process of this release. @throws RunnerError operation_conflict */
  handTo(release: string): Handing {
    if (release === this.#owner) return { kind: 'file', link: (path) => this.#link(path, release) };
    if (this.#source !== 'memory') {
      throw conflict(`was written into a file that ${this.#owner} was given; reserve one for each release`);
    }
    const { width, height, channels, colorSpace } = this;
    const data = this.#memory;
    return {
      kind: 'copy',
      image: { width, height, channels, data, ...(colorSpace === undefined ? {} : { colorSpace }) },
    };
  }

  #link(path: string, release: string): void | Promise<void> {
    const { file } = this.#slot;
    const amiss = file.amiss();
    if (amiss !== undefined && this.#source !== 'memory') {
      throw new RunnerError('image_load_failed', `The reserved image was damaged after it was written: ${amiss}.`);
    }
    this.#slot.seenBy = release;
    const written = amiss === undefined ? file.write([this.#header()], this.#sizeBytes) : this.#write();
    if (written === undefined) return file.link(path);
    return written.then(() => file.link(path));
  }

  #commit(): Promise<void> {
    if (!this.#dirty || this.#source !== 'memory') return this.#committing ?? Promise.resolve();
    this.#dirty = false;
    const before = this.#committing ?? Promise.resolve();
    const committing = before
      .catch(() => undefined)
      .then(() => this.#write())
      .catch((error: unknown) => {
        this.#dirty = true;
        throw error;
      })
      .finally(() => {
        if (this.#committing === committing) this.#committing = null;
      });
    this.#committing = committing;
    committing.catch(() => undefined); // told to whoever waits for it
    return committing;
  }

  #write(): void | Promise<void> {
    this.#options.prepare();
    this.#slot.file.prepare();
    return this.#slot.file.write(
      [this.#header(), { bytes: this.#memory, position: NPY_HEADER_BYTES }],
      this.#sizeBytes,
    );
  }

  /** A file that another release may still hold open is no place for this one's image. */
  #freshFor(owner: string | null): void {
    const { seenBy, file } = this.#slot;
    if (seenBy === null || seenBy === owner) return;
    if (this.#source === 'file') this.#readBack();
    file.remove();
    this.#slot.seenBy = null;
    this.#dirty = this.#source === 'memory';
  }

  /** The route moved between the reservation and the call. */
  #readBack(): void {
    const read = this.#slot.file.read((fd) => readSync(fd, this.#memory, 0, this.#bytes, NPY_HEADER_BYTES));
    if (read !== this.#bytes) {
      throw new RunnerError('image_load_failed', 'The reserved image was damaged after it was written.');
    }
    this.#source = 'memory';
  }

  get #memory(): Uint8Array {
    return (this.#pixels ??= new Uint8Array(this.#bytes));
  }

  get #sizeBytes(): number {
    return NPY_HEADER_BYTES + this.#bytes;
  }

  #header() {
    return { bytes: npyHeader(this), position: 0 };
  }

  #rest(): void {
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.end('has expired'), this.#options.expiryMs);
    this.#expiry.unref();
  }

  #finish(): void {
    this.#pixels = null;
    const done = () => this.#options.onEnd();
    if (this.#committing === null) done();
    else void this.#committing.then(done, done);
  }

  #requireOpen(): void {
    if (this.#ended !== null) throw conflict(`${this.#ended}; its memory is no longer its own`);
  }
}

function conflict(what: string): RunnerError {
  return new RunnerError('operation_conflict', `The image reservation ${what}.`, { hint: 'Reserve an image again.' });
}
