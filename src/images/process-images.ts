/**
 * The images of one process: a folder of its own (its PROC_SHM_DIR) with one segment for raw pixels and one for encoded
 * bytes. A process serves one call at a time, so it never needs more, and holds nothing that another one waits for.
 *
 * INVARIANTS
 * - What the process does to its folder costs its own calls and nobody else's; it is found and made anew before the next.
 * - The header is written with every image.
 * - After `close` nothing of the folder is left.
 */
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DecodedImage } from './decoded-image.js';
import { isEncoded } from './image.js';
import type { EncodedImage, RawImage } from './image.js';
import type { CallImage, Lease } from './lease.js';
import { NPY_HEADER_BYTES, npyHeader } from './npy.js';
import { OwnFolder } from './own-folder.js';
import { ReservedImage } from './reserved-image.js';
import { SegmentFile } from './segment-file.js';
import type { FileOperations } from './segment-file.js';

const RAW = 'raw-00';
const ENCODED = 'enc-00';
const RESERVED = 'res-00';

export interface ProcessImagesOptions {
  /** The release it runs. */
  readonly owner: string;
  readonly folder: string;
  readonly files: FileOperations;
  /** Takes whatever lies at a path out of the way. */
  readonly clear: (path: string) => void;
  /** The pool's own folder is whole afterwards. */
  readonly prepareParent: () => void;
  /** Something was damaged by the process, in words. */
  readonly onDamage: (what: string) => void;
  /** Makes room where the memory is full. */
  readonly makeRoom: () => void;
  readonly onLease: (change: 1 | -1) => void;
  readonly onClose: () => void;
}

export class ProcessImages {
  readonly #options: ProcessImagesOptions;
  readonly #folder: OwnFolder;
  readonly #raw: SegmentFile;
  readonly #encoded: SegmentFile;
  #leased = false;
  #closed = false;

  constructor(options: ProcessImagesOptions) {
    const { folder, files, clear } = options;
    this.#options = options;
    this.#folder = new OwnFolder(folder, clear);
    this.#raw = new SegmentFile(join(folder, `${RAW}.npy`), files, clear);
    this.#encoded = new SegmentFile(join(folder, `${ENCODED}.bin`), files, clear);
    try {
      this.#prepareFolder();
    } catch {
      // Told with the first image, which would have to go there.
    }
  }

  /** Absolute; the process gets it as PROC_SHM_DIR. */
  get folder(): string {
    return this.#options.folder;
  }

  get owner(): string {
    return this.#options.owner;
  }

  get bytes(): number {
    return this.#raw.sizeBytes + this.#encoded.sizeBytes;
  }

  /**
   * Puts an image where the process reads it; a promise where that takes more than one turn of the event loop.
   *
   * @throws RunnerError image_pool_full when the memory is full, store_io_failed
   */
  place(image: CallImage): Lease | Promise<Lease> {
    this.#prepareFolder();
    const sharedMemId = isEncoded(image) ? ENCODED : image instanceof ReservedImage ? RESERVED : RAW;
    if (image instanceof DecodedImage) return this.#placeDecoded(image);
    if (image instanceof ReservedImage) {
      const handing = image.handTo(this.#options.owner);
      if (handing.kind === 'copy') return this.place(handing.image);
      const path = join(this.folder, `${RESERVED}.npy`);
      const linked = handing.link(path);
      const lease = () => this.#lease(RESERVED, () => removeLink(path));
      return linked === undefined ? lease() : linked.then(lease);
    }
    const written = this.#roomFor(() => this.#write(image as RawImage | EncodedImage));
    if (written === undefined) return this.#lease(sharedMemId);
    return written.then(() => this.#lease(sharedMemId));
  }

  #placeDecoded(image: DecodedImage): Lease | Promise<Lease> {
    const path = join(this.folder, `${RESERVED}.npy`);
    if (image.link(path, this.#options.owner)) return this.#lease(RESERVED, () => removeLink(path));
    return image.again().then((pixels) => this.place(pixels));
  }

  /** Gives the memory back while no call looks at it. */
  trim(): void {
    if (this.#leased) return;
    this.#raw.remove();
    this.#encoded.remove();
  }

  /** The process is gone. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#leased) this.#options.onLease(-1);
    this.#leased = false;
    try {
      this.#raw.remove(true);
    } finally {
      try {
        this.#encoded.remove(true);
      } finally {
        this.#options.onClose();
      }
    }
  }

  #write(image: RawImage | EncodedImage): void | Promise<void> {
    if (isEncoded(image)) {
      this.#prepare(this.#encoded, ENCODED);
      return this.#encoded.write([{ bytes: image.bytes, position: 0 }], image.bytes.length);
    }
    this.#prepare(this.#raw, RAW);
    return this.#raw.write([
      { bytes: npyHeader(image), position: 0 },
      { bytes: image.data, position: NPY_HEADER_BYTES },
    ]);
  }

  /** Once more after others gave back what they do not need now. */
  #roomFor(write: () => void | Promise<void>): void | Promise<void> {
    try {
      const written = write();
      return written?.catch((error: unknown) => this.#again(error, write));
    } catch (error) {
      return this.#again(error, write);
    }
  }

  #again(error: unknown, write: () => void | Promise<void>): void | Promise<void> {
    if (!isFull(error)) throw error;
    this.#options.makeRoom();
    return write();
  }

  #prepareFolder(): void {
    this.#options.prepareParent();
    const amiss = this.#folder.prepare();
    if (amiss !== undefined) this.#options.onDamage(amiss);
  }

  #prepare(file: SegmentFile, id: string): void {
    const amiss = file.prepare();
    if (amiss !== undefined) this.#options.onDamage(`${id}: ${amiss}`);
  }

  #lease(sharedMemId: string, removed: () => void = nothing): Lease {
    let open = !this.#closed;
    if (open) {
      this.#leased = true;
      this.#options.onLease(1);
    }
    return {
      sharedMemId,
      release: () => {
        if (!open) return false;
        open = false;
        removed();
        if (this.#closed) return false;
        this.#leased = false;
        this.#options.onLease(-1);
        return true;
      },
    };
  }
}

const nothing = (): void => undefined;
const isFull = (error: unknown): boolean =>
  error instanceof Error && 'faultName' in error && error.faultName === 'image_pool_full';

function removeLink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The process removed it, or put something else there; the folder goes with the process.
  }
}
