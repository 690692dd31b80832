import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { type Raster } from './raster.js';

export function encodeJpeg({ width, height, data }: Raster, quality: number): Buffer {
  const rgba = Buffer.alloc(width * height * 4, 255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
  }
  return jpeg.encode({ data: rgba, width, height }, quality).data;
}

export function encodePng({ width, height, data }: Raster): Buffer {
  const png = new PNG({ width, height, inputColorType: 2, colorType: 2, inputHasAlpha: false, deflateLevel: 9 });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(png, { inputColorType: 2, colorType: 2, inputHasAlpha: false, deflateLevel: 9 });
}
