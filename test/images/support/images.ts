import type { Channels, RawImage } from '../../../src/images/index.js';

/** Pixels that tell images, rows and channels apart. */
export function testImage(width: number, height: number, channels: Channels = 3, seed = 1): RawImage {
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i += 1) data[i] = (i * 31 + (i >> 8) * 7 + seed * 101) & 0xff;
  return { width, height, channels, data };
}

export const encodedImage = (length: number, seed = 1) =>
  ({ format: 'png', width: 8, height: 8, bytes: new Uint8Array(length).fill(seed) }) as const;
