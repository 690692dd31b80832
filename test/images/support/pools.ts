import { join } from 'node:path';
import { openImagePool } from '../../../src/images/index.js';
import type { CallImage, ImagePool, ImagePoolOptions, Lease, ProcessImages } from '../../../src/images/index.js';
import { scratchFolder } from './folders.js';

export const openPool = (options: Partial<ImagePoolOptions> = {}): Promise<ImagePool> =>
  openImagePool({ folder: join(scratchFolder(), 'pool'), ...options });

/** A lease that is there at once: of an image that is written within one turn. */
export function placed(images: ProcessImages, image: CallImage): Lease {
  const lease = images.place(image);
  if (lease instanceof Promise) throw new Error('the image took more than one turn');
  return lease;
}

export const rawPath = (images: ProcessImages): string => join(images.folder, 'raw-00.npy');
export const encodedPath = (images: ProcessImages): string => join(images.folder, 'enc-00.bin');
