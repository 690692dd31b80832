import { checkRawImage } from './image.js';
import type { RawImage } from './image.js';

/** A copy of the image with three channels in RGB order: grey is repeated, BGR turned round. To draw on, for example. */
export function toRgb(image: RawImage): RawImage {
  checkRawImage(image);
  const { width, height } = image;
  const rgb = { width, height, channels: 3 } as const;
  if (image.channels === 1) return { ...rgb, data: repeated(image.data) };
  if (image.colorSpace === 'BGR') return { ...rgb, data: turned(image.data) };
  return { ...rgb, data: Uint8Array.from(image.data) };
}

function repeated(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let from = 0, to = 0; from < grey.length; from += 1, to += 3) rgb.fill(grey[from] as number, to, to + 3);
  return rgb;
}

function turned(bgr: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(bgr.length);
  for (let i = 0; i < bgr.length; i += 3) {
    rgb[i] = bgr[i + 2] as number;
    rgb[i + 1] = bgr[i + 1] as number;
    rgb[i + 2] = bgr[i] as number;
  }
  return rgb;
}
