import { RunnerError } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';
import type { DecodedFile } from './decoded-files.js';
import type { Channels, ColorSpace, RawImage, Shape } from './image.js';

export interface DecodedImageParts extends Shape {
  readonly warnings?: readonly Fault[];
  readonly file: DecodedFile;
  /** Decodes it once more, into memory. */
  readonly again: () => Promise<RawImage>;
}

/**
 * An image that a decoder wrote where processes read it.
 *
 * INVARIANTS
 * - Its file stays as it is until all who use it have let go: whoever had it decoded, and every call.
 * - Whatever happens to the file before a process was told of it, the process gets the image: it is decoded again.
 */
export class DecodedImage implements Shape {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  declare readonly colorSpace?: ColorSpace;
  declare readonly warnings?: readonly Fault[];
  readonly #file: DecodedFile;
  readonly #decodeAgain: () => Promise<RawImage>;
  #again: Promise<RawImage> | undefined;
  #users = 1;

  constructor({ width, height, channels, warnings, file, again }: DecodedImageParts) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    if (warnings !== undefined) this.warnings = warnings;
    this.#file = file;
    this.#decodeAgain = again;
  }

  use(): void {
    this.#users += 1;
  }

  unuse(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#file.giveBack();
  }

  /** Puts it where a process of this release reads it. False where its file is not whole: `again` has the pixels then. */
  link(path: string, release: string): boolean {
    return this.#file.link(path, release, this);
  }

  /** @throws RunnerError image_load_failed where the file that was decoded holds another image by now */
  again(): Promise<RawImage> {
    return (this.#again ??= this.#decodeAgain().then((image) => {
      if (image.width === this.width && image.height === this.height && image.channels === this.channels) return image;
      throw new RunnerError('image_load_failed', 'The file of the image was replaced while its call was waiting.');
    }));
  }
}
