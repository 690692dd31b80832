import sharp from 'sharp';
import { type Pixels } from './shared-image.js';

/** Decodes an image by its content, whatever its name says. */
export async function decodeImage(path: string): Promise<Pixels> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
