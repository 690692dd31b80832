import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { decodeImageFile, drawRect, encodePng, toRgb } from '../../src/index.js';
import type { Rect } from '../../src/index.js';
import { OUTPUT } from './places.js';

const RED = [255, 32, 32] as const;

/** Writes the image with its defects framed in red, and says where. */
export async function annotate(path: string, rects: readonly Rect[]): Promise<string> {
  const image = toRgb(await decodeImageFile(path));
  for (const { x, y, width, height } of rects) drawRect(image, { x, y, width, height }, RED, 6);
  const folder = join(OUTPUT, 'annotated');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${basename(path, extname(path))}-ng.png`);
  await writeFile(file, await encodePng(image));
  return file;
}
