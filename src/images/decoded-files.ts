/**
 * The files of the pool that decoders write into: pixels reach a process without passing through the Runner's memory.
 *
 * INVARIANTS
 * - A release has at most FILES_PER_RELEASE of them, so that one whose images wait takes nothing that others need. What
 *   goes beyond that is decoded into ordinary memory.
 * - A file is named to processes of one release alone.
 * - What a decoder may still write into is never used again, nor is its name.
 */
import { NPY_HEADER_BYTES, npyHeader } from './npy.js';
import type { Shape } from './image.js';
import type { SegmentFile } from './segment-file.js';
import { isRoomy } from './shared-memory.js';

/** One that a process looks at, and the next. */
const FILES_PER_RELEASE = 2;

/** A file for one image; `giveBack` or `discard` follows. */
export interface DecodedFile {
  /** Of the file that a decoder opens and writes. */
  readonly path: string;
  /** A decoder has written this image. @throws RunnerError store_io_failed where it has not */
  written(shape: Shape): void;
  /** Gives it a second name, for a process of this release. False where that is not what was written. */
  link(path: string, release: string, shape: Shape): boolean;
  /** Nobody looks at it any more: the next image of the release may go there. */
  giveBack(): void;
  /** A decoder may still write into it. */
  discard(): void;
}

interface FilesOfRelease {
  taken: number;
  /** Warm, for the next images. */
  readonly resting: SegmentFile[];
}

export class DecodedFiles {
  readonly #isRoomy: boolean;
  readonly #fileAt: (name: string) => SegmentFile;
  readonly #prepareFolder: () => void;
  readonly #releases = new Map<string, FilesOfRelease>();
  readonly #all = new Set<SegmentFile>();
  #lastNumber = 0;
  #isClosed = false;

  constructor(folder: string, fileAt: (name: string) => SegmentFile, prepareFolder: () => void) {
    this.#isRoomy = isRoomy(folder);
    this.#fileAt = fileAt;
    this.#prepareFolder = prepareFolder;
  }

  get bytes(): number {
    return [...this.#all].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** One for an image that this release is to look at; null where none is free. */
  take(release: string): DecodedFile | null {
    if (this.#isClosed || !this.#isRoomy) return null;
    const files = this.#filesOf(release);
    if (files.taken >= FILES_PER_RELEASE) return null;
    const file = files.resting.pop() ?? this.#make();
    try {
      this.#prepareFolder();
      file.prepare();
    } catch {
      this.#remove(file); // told by the call, whose image goes the other way
      return null;
    }
    files.taken += 1;
    return this.#handle(file, release, files);
  }

  /** No process of the release is left: its memory is given back. */
  forget(release: string): void {
    for (const file of this.#releases.get(release)?.resting.splice(0) ?? []) this.#remove(file);
  }

  /** Memory that nobody looks at. */
  trim(): void {
    for (const release of this.#releases.keys()) this.forget(release);
  }

  close(): void {
    this.#isClosed = true;
    for (const file of [...this.#all]) this.#remove(file);
  }

  #handle(file: SegmentFile, release: string, files: FilesOfRelease): DecodedFile {
    let isTaken = true;
    const end = (): boolean => {
      if (!isTaken) return false;
      isTaken = false;
      files.taken -= 1;
      return true;
    };
    return {
      path: file.path,
      written: ({ width, height, channels }) => file.adopt(NPY_HEADER_BYTES + width * height * channels),
      link: (path, to, shape) => {
        if (!isTaken || to !== release || file.amiss() !== undefined) return false;
        void file.write([{ bytes: npyHeader(shape), position: 0 }]); // at once, being small
        file.link(path);
        return true;
      },
      giveBack: () => {
        if (!end()) return;
        if (this.#isClosed) this.#remove(file);
        else files.resting.push(file);
      },
      discard: () => {
        if (end()) this.#remove(file);
      },
    };
  }

  #filesOf(release: string): FilesOfRelease {
    const known = this.#releases.get(release);
    if (known !== undefined) return known;
    const files = { taken: 0, resting: [] };
    this.#releases.set(release, files);
    return files;
  }

  #make(): SegmentFile {
    const file = this.#fileAt(`dec-${String((this.#lastNumber += 1)).padStart(2, '0')}.npy`);
    this.#all.add(file);
    return file;
  }

  #remove(file: SegmentFile): void {
    this.#all.delete(file);
    file.remove();
  }
}
