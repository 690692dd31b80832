import { RunnerError } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';

/**
 * What a caller hands over, and the checks on it. An image that is not what it says is refused here (1002), before a
 * segment is touched.
 */

export type ColorSpace = 'RGB' | 'BGR';
export type Channels = 1 | 3;
export type ImageFormat = 'png' | 'jpeg';

/** Width and height in pixels, both positive whole numbers; `channels` 3 for colour, 1 for grey. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
}

/**
 * Uncompressed pixels (contract §7).
 *
 * @property data uint8, row by row from the top-left corner, channels interleaved: width × height × channels bytes
 * @property colorSpace order of the three channels; RGB when left out
 */
export interface RawImage extends Shape {
  readonly data: Uint8Array;
  readonly colorSpace?: ColorSpace;
  /** What was found doubtful when it was decoded; a call with the image repeats it in its own warnings. */
  readonly warnings?: readonly Fault[];
}

/** A PNG or JPEG file's bytes, handed over as they are; `{ bytes, ...probeImage(bytes) }` makes one (contract §7). */
export interface EncodedImage {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

export function isEncoded(image: unknown): image is EncodedImage {
  return typeof image === 'object' && image !== null && 'bytes' in image;
}

/** @throws RunnerError image_load_failed */
export function checkShape(shape: Shape): void {
  if (typeof shape !== 'object' || shape === null) throw refused('the image is not an object with width and height');
  checkSize(shape.width, shape.height);
  if (shape.channels !== 1 && shape.channels !== 3) {
    throw refused(`an image has 1 or 3 channels, not ${String(shape.channels)}`);
  }
}

/** @throws RunnerError image_load_failed */
export function checkRawImage(image: RawImage): void {
  if (isEncoded(image)) throw refused('raw pixels are needed here, not an encoded image');
  checkShape(image);
  const { width, height, channels, data, colorSpace } = image;
  if (!(data instanceof Uint8Array)) throw refused('the pixels (data) are not a Uint8Array');
  const expected = width * height * channels;
  if (data.length !== expected) {
    throw refused(`${width}×${height}×${channels} pixels are ${expected} bytes, but data has ${data.length}`);
  }
  if (colorSpace !== undefined && colorSpace !== 'RGB' && colorSpace !== 'BGR') {
    throw refused(`colorSpace is RGB or BGR, not ${String(colorSpace)}`);
  }
}

/** @throws RunnerError image_load_failed */
export function checkEncodedImage(image: EncodedImage): void {
  if (!isEncoded(image)) throw refused('an encoded image is needed here, with bytes, format, width and height');
  const { bytes, format, width, height } = image;
  if (!(bytes instanceof Uint8Array)) throw refused('the encoded image (bytes) is not a Uint8Array');
  if (bytes.length === 0) throw refused('the encoded image is empty');
  if (format !== 'png' && format !== 'jpeg') throw refused(`an encoded image is png or jpeg, not ${String(format)}`);
  checkSize(width, height);
}

/** Both are positive whole numbers. @throws RunnerError image_load_failed */
export function checkSize(width: number, height: number): void {
  for (const [name, value] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      throw refused(`the ${name} of an image is a positive whole number of pixels, not ${String(value)}`);
    }
  }
}

const refused = (message: string) => new RunnerError('image_load_failed', message);
