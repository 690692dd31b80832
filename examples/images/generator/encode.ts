import sharp from 'sharp';
import { type Raster } from './raster.js';

const picture = ({ width, height, data }: Raster) => sharp(data, { raw: { width, height, channels: 3 } });

export const encodeJpeg = (image: Raster, quality: number): Promise<Buffer> =>
  picture(image).jpeg({ quality }).toBuffer();

export const encodePng = (image: Raster): Promise<Buffer> => picture(image).png({ compressionLevel: 9 }).toBuffer();
