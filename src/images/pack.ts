/**
 * Pixels as a camera's driver hands them over: rows with padding, a fourth channel.
 *
 * INVARIANT: the event loop is not held: a large image is packed in several turns of it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { imageFault } from './image-fault.js';
import { checkSize, isEncoded } from './image.js';
import type { ColorSpace, RawImage } from './image.js';

/**
 * Raw pixels whose rows are not close together, or that have a fourth channel, which is dropped.
 *
 * @property stride bytes from the beginning of a row to that of the next; width × channels when left out
 * @property data uint8, row by row from the top-left corner: stride × height bytes; the last row may come without padding
 * @property colorSpace order of the first three channels: BGR also for BGRA
 */
export interface StridedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
  readonly stride?: number;
  readonly colorSpace?: ColorSpace;
}

const TURN_PIXELS = 1_000_000;

export const isStrided = (image: object): image is StridedImage =>
  !isEncoded(image) &&
  (('stride' in image && image.stride !== undefined) || ('channels' in image && image.channels === 4));

/** @throws RunnerError image_load_failed for an image that is not what it says */
export async function packImage(image: StridedImage): Promise<RawImage> {
  const { width, height, channels, colorSpace } = image;
  const stride = checkedStride(image);
  const packed = channels === 1 ? 1 : 3;
  const data = new Uint8Array(width * height * packed);
  const rowsPerTurn = Math.max(1, Math.floor(TURN_PIXELS / width));
  for (let from = 0; from < height; from += rowsPerTurn) {
    if (from > 0) await nextTurn();
    const to = Math.min(height, from + rowsPerTurn);
    for (let y = from; y < to; y += 1) {
      const row = image.data.subarray(y * stride, y * stride + width * channels);
      if (channels === 4) copyThreeOfFour(row, data, y * width * 3);
      else data.set(row, y * width * packed);
    }
  }
  return { width, height, channels: packed, data, ...(colorSpace === undefined ? {} : { colorSpace }) };
}

function checkedStride({ width, height, channels, data, stride = width * channels }: StridedImage): number {
  checkSize(width, height);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw imageFault(`an image has 1, 3 or 4 channels, not ${String(channels)}`);
  }
  if (!(data instanceof Uint8Array)) throw imageFault('the pixels (data) are not a Uint8Array');
  if (!Number.isSafeInteger(stride) || stride < width * channels) {
    throw imageFault(
      `a row of ${width}×${channels} pixels is ${width * channels} bytes, more than the stride ${stride}`,
    );
  }
  const [least, most] = [stride * (height - 1) + width * channels, stride * height];
  if (data.length < least || data.length > most) {
    throw imageFault(`${height} rows of ${stride} bytes are ${most} bytes, but data has ${data.length}`);
  }
  return stride;
}

function copyThreeOfFour(row: Uint8Array, data: Uint8Array, start: number): void {
  for (let from = 0, to = start; from < row.length; from += 4, to += 3) {
    data[to] = row[from] as number;
    data[to + 1] = row[from + 1] as number;
    data[to + 2] = row[from + 2] as number;
  }
}
