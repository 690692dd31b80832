import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { checkRawImage } from './image.js';
import type { RawImage } from './image.js';
import { decoding } from './image-fault.js';
import { PNG_SIGNATURE, pngDataLength, pngPixelChunks } from './png-chunks.js';
import type { PngChunk, PngHeader } from './png-chunks.js';
import { toRgb } from './color.js';

const GREY_TYPES = [0, 4];

/**
 * Every colour type, depth and interlacing of PNG, as 8 bits per sample: one channel for grey, RGB for the rest.
 * 16 bits are scaled, palettes resolved. Alpha is dropped, not blended: a pixel keeps its colour however transparent.
 */
export function decodePng(bytes: Buffer, header: PngHeader): RawImage {
  const { width, height, colorType } = header;
  const chunks = pngPixelChunks(bytes);
  const rgba = decoding('PNG', () => {
    assertImageData(chunks, header);
    return PNG.sync.read(Buffer.concat([PNG_SIGNATURE, ...chunks.map(({ chunk }) => chunk)])).data;
  });
  return GREY_TYPES.includes(colorType)
    ? { width, height, channels: 1, data: pickGrey(rgba, width * height) }
    : { width, height, channels: 3, data: pickRgb(rgba, width * height) };
}

/** An image as a PNG file, fast rather than small: for annotated results. @throws RunnerError image_load_failed */
export function encodePng(image: RawImage): Buffer {
  checkRawImage(image);
  const { width, height, channels, data } = image.colorSpace === 'BGR' ? toRgb(image) : image;
  const png = new PNG({ width, height });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.length);
  const colorType = channels === 1 ? 0 : 2;
  return PNG.sync.write(png, {
    colorType,
    inputColorType: colorType,
    inputHasAlpha: false,
    filterType: 1,
    deflateLevel: 1,
    deflateStrategy: 0,
  });
}

/**
 * The decoder takes damaged or missing image data for pixels, and inflates a small interlaced image to gigabytes if its
 * data says so: the data must be sound and of exactly the right length before it sees them.
 */
function assertImageData(chunks: readonly PngChunk[], header: PngHeader): void {
  const data = chunks.filter(({ type }) => type === 'IDAT').map(({ chunk }) => chunk.subarray(8, -4));
  const expected = pngDataLength(header);
  const { length } = inflateSync(Buffer.concat(data), { maxOutputLength: expected, chunkSize: 1 << 18 });
  if (length !== expected) throw new Error(`it has ${length} bytes of image data instead of ${expected}`);
}

function pickGrey(rgba: Uint8Array, pixels: number): Uint8Array {
  const grey = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i += 1) grey[i] = rgba[i * 4] as number;
  return grey;
}

function pickRgb(rgba: Uint8Array, pixels: number): Uint8Array {
  const rgb = new Uint8Array(pixels * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from] as number;
    rgb[to + 1] = rgba[from + 1] as number;
    rgb[to + 2] = rgba[from + 2] as number;
  }
  return rgb;
}
