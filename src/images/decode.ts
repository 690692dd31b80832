import { resolve } from 'node:path';
import { RunnerError } from '../base/errors/index.js';
import { DecoderPool } from './decoder/decoder-pool.js';
import type { DecodeRequest } from './decoder/decode-bytes.js';
import type { DecoderPoolOptions } from './decoder/decoder-pool.js';
import type { Encoded } from './decoder/decoder-process.js';
import { imageFault } from './image-fault.js';
import { readImageHeader } from './headers/image-header.js';
import type { DecodedFile } from './decoded-files.js';
import type { DecodedImage } from './decoded-image.js';
import type { ImageFormat, RawImage } from './image.js';
import { BIT_DEPTHS, limitsOf } from './limits.js';
import type { BitDepth, DecodeLimits } from './limits.js';
import { namingFile } from './read-image-file.js';
import { assertBytesWithin, assertSizeWithin } from './within-limits.js';

export interface ImageInfo {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * Format and size from the header alone, for images that are passed through as they are. The content decides, not a
 * file's name. A few microseconds; whether the pixels are sound, only decoding tells.
 *
 * @throws RunnerError image_load_failed for what is no PNG or JPEG, or is beyond the limits
 */
export function probeImage(bytes: Uint8Array, limits: DecodeLimits = {}): ImageInfo {
  const { format, width, height } = readImageHeader(bytes);
  const all = limitsOf(limits);
  assertBytesWithin(bytes.length, all);
  assertSizeWithin({ width, height }, all);
  if (format === 'png' || format === 'jpeg') return { format, width, height };
  throw imageFault(`a ${format.toUpperCase()} is not passed through; leave passThrough out, and the Runner decodes it`);
}

/** What else is known of one image. */
export interface ImageOptions {
  /** Significant bits of a 16-bit file's samples; 16. A camera of 12 bits stores 0 to 4095 in them. */
  readonly bitDepth?: BitDepth;
  /** Gives the decoding up. */
  readonly signal?: AbortSignal;
}

/**
 * Decodes PNG, JPEG, TIFF, BMP and WebP: uint8, RGB, or one channel where the file is grey; as the file stores them,
 * without orientation, colour profile or blending applied. 16 bits are scaled to 8 (`bitDepth`), alpha is dropped, CMYK
 * converted; of several pages or frames the first is taken, with a warning.
 *
 * It is done by processes of their own (see DecoderPool), never on the event loop.
 */
export class ImageDecoder {
  readonly #pool: DecoderPool;
  /** Those of every image, passed through or decoded, unless its call sets others. */
  readonly limits: Required<DecodeLimits>;

  constructor({ decoders, ...limits }: DecodeLimits & DecoderPoolOptions = {}) {
    this.#pool = new DecoderPool(decoders === undefined ? {} : { decoders });
    this.limits = limitsOf(limits);
  }

  /** By its content, whatever its name. @throws RunnerError image_load_failed naming the file */
  async decodeFile(path: string, options: ImageOptions = {}, limits: DecodeLimits = {}): Promise<RawImage> {
    try {
      return await this.#decode({ path: resolve(path) }, options, limits);
    } catch (error) {
      throw namingFile(path, error);
    }
  }

  /** @throws RunnerError image_load_failed for anything empty, damaged, truncated, unknown or beyond the limits */
  async decodeBytes(bytes: Uint8Array, options: ImageOptions = {}, limits: DecodeLimits = {}): Promise<RawImage> {
    readImageHeader(bytes); // what is no image at all needs no decoder
    assertBytesWithin(bytes.length, limitsOf(limits, this.limits));
    return this.#decode({ bytes }, options, limits);
  }

  /**
   * A file by its path, or a file's bytes, decoded straight to where a process reads it if `takeFile` gives a place when it
   * is the image's turn; else into memory.
   *
   * @throws RunnerError as decodeFile and decodeBytes
   */
  async decodeInto(
    takeFile: () => DecodedFile | null,
    input: string | Uint8Array,
    options: ImageOptions = {},
  ): Promise<RawImage | DecodedImage> {
    if (typeof input !== 'string') {
      readImageHeader(input);
      assertBytesWithin(input.length, this.limits);
      return this.#pool.decodeInto(takeFile, { bytes: input }, this.#request(options), options.signal);
    }
    try {
      return await this.#pool.decodeInto(takeFile, { path: resolve(input) }, this.#request(options), options.signal);
    } catch (error) {
      throw namingFile(input, error);
    }
  }

  close(): void {
    this.#pool.close();
  }

  #decode(encoded: Encoded, options: ImageOptions, limits: DecodeLimits): Promise<RawImage> {
    return this.#pool.decode(encoded, this.#request(options, limits), options.signal);
  }

  #request({ bitDepth = 16 }: ImageOptions, limits: DecodeLimits = {}): DecodeRequest {
    if (!BIT_DEPTHS.includes(bitDepth)) {
      throw new RunnerError('invalid_usage', `bitDepth is 10, 12, 14 or 16, not ${String(bitDepth)}.`);
    }
    return { ...limitsOf(limits, this.limits), bitDepth };
  }
}

let common: ImageDecoder | undefined;

/** For images that are decoded without a Runner. */
const commonDecoder = (): ImageDecoder => (common ??= new ImageDecoder());

export interface DecodeOptions extends DecodeLimits, ImageOptions {}

/** Pixels of a file's bytes, as ImageDecoder gives them. @throws RunnerError image_load_failed */
export const decodeImage = (bytes: Uint8Array, options: DecodeOptions = {}): Promise<RawImage> =>
  commonDecoder().decodeBytes(bytes, options, options);

/** Pixels of a file, as ImageDecoder gives them. @throws RunnerError image_load_failed naming the file */
export const decodeImageFile = (path: string, options: DecodeOptions = {}): Promise<RawImage> =>
  commonDecoder().decodeFile(path, options, options);
