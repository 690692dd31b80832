import jpeg from 'jpeg-js';
import type { RawImage } from './image.js';
import { decoding, imageFault } from './image-fault.js';
import type { JpegHeader } from './jpeg-header.js';
import { JPEG_BYTES_PER_PIXEL_MAX } from './limits.js';

/** Each scan walks the whole image: a small file with thousands of them would keep the decoder busy for hours. */
const MAX_SCANS = 100;

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = Buffer.from([0xff, 0xda]);

/**
 * Baseline and progressive JPEG of 8 bits: one channel for grey, RGB for colour; CMYK is refused. The orientation that
 * a photo's Exif may name is not applied: pixels come as they are stored, as an algorithm's own decoder gives them.
 */
export function decodeJpeg(bytes: Buffer, header: JpegHeader, maxPixels: number): RawImage {
  const { width, height, components } = header;
  if (components !== 1 && components !== 3) {
    throw imageFault(`this JPEG has ${components} components (CMYK has 4); save it as grey or RGB`);
  }
  // The decoder would fill what is missing with grey. Cameras may pad after the end, so only its presence counts.
  if (bytes.lastIndexOf(END_OF_IMAGE) < header.dataOffset) throw imageFault('this JPEG is truncated');
  assertScans(bytes.subarray(header.dataOffset));
  const decoded = decoding('JPEG', () =>
    jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: !header.storedAsRgb,
      maxResolutionInMP: maxPixels / 1e6,
      maxMemoryUsageInMB: Math.ceil((maxPixels * JPEG_BYTES_PER_PIXEL_MAX) / 2 ** 20),
    }),
  );
  if (decoded.width !== width || decoded.height !== height) throw imageFault('this JPEG claims two sizes');
  return components === 3
    ? { width, height, channels: 3, data: decoded.data }
    : { width, height, channels: 1, data: everyThird(decoded.data) };
}

function assertScans(data: Buffer): void {
  let scans = 1;
  for (let at = data.indexOf(START_OF_SCAN); at >= 0; at = data.indexOf(START_OF_SCAN, at + 2)) scans += 1;
  if (scans > MAX_SCANS) throw imageFault(`this JPEG has ${scans} scans; more than ${MAX_SCANS} are refused`);
}

/** The decoder repeats grey to three channels. */
function everyThird(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < grey.length; i += 1) grey[i] = rgb[i * 3] as number;
  return grey;
}
