import { checkRawImage } from './image.js';
import type { RawImage } from './image.js';
import { toRgb } from './color.js';

/** An image as a PNG file, fast rather than small: for annotated results. @throws RunnerError image_load_failed */
export async function encodePng(image: RawImage): Promise<Buffer> {
  checkRawImage(image);
  const { width, height, channels, data } = image.colorSpace === 'BGR' ? toRgb(image) : image;
  // Loaded by whoever writes pictures: a Runner that only reads them has the library in its decoders alone.
  const { default: sharp } = await import('sharp');
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.length);
  const picture = sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
  return (channels === 1 ? picture.toColourspace('b-w') : picture)
    .png({ compressionLevel: 1, adaptiveFiltering: false, palette: false })
    .toBuffer();
}
