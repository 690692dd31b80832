import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { imageFolder } from './image-folder.js';

/** @property folder where a Runner with default options keeps the images of this store */
export interface SegmentsFound {
  readonly folder: string;
  readonly segments: number;
  readonly bytes: number;
}

/** What lies in the image folder of a store now: in use while a Runner works on it, else left behind by a dead one. */
export async function findSegments(root: string): Promise<SegmentsFound> {
  const folder = imageFolder(root);
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return { folder, segments: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
