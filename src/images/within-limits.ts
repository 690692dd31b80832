import type { ImageHeader } from './headers/image-header.js';
import { checkEncodedImage } from './image.js';
import type { EncodedImage } from './image.js';
import { beyondLimit } from './image-fault.js';
import type { DecodeLimits } from './limits.js';

type Size = Pick<ImageHeader, 'width' | 'height'>;

/** @throws RunnerError image_load_failed naming the setting */
export function assertSizeWithin({ width, height }: Size, { pixelsMax, sideMax }: Required<DecodeLimits>): void {
  const size = `${width}×${height} pixels`;
  if (width > sideMax || height > sideMax) {
    throw beyondLimit(`${size} are more than the ${sideMax} a side that are accepted`, 'sideMax', sideMax);
  }
  if (width * height > pixelsMax) {
    throw beyondLimit(`${size} are more than the ${pixelsMax} that are accepted`, 'pixelsMax', pixelsMax);
  }
}

/** @throws RunnerError image_load_failed naming the setting */
export function assertBytesWithin(
  length: number,
  { fileBytesMax }: Pick<Required<DecodeLimits>, 'fileBytesMax'>,
): void {
  if (length <= fileBytesMax) return;
  throw beyondLimit(`its ${length} bytes are more than ${fileBytesMax}`, 'fileBytesMax', fileBytesMax);
}

/** By what its giver says of it. @throws RunnerError image_load_failed */
export function assertEncodedWithin(image: EncodedImage, limits: Required<DecodeLimits>): void {
  checkEncodedImage(image);
  assertBytesWithin(image.bytes.length, limits);
  assertSizeWithin(image, limits);
}
