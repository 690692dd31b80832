import { listSegments } from '../images/index.js';
import type { Reclaimed } from '../images/index.js';
import { imageFolder } from './image-folder.js';

/** @property folder where a Runner with default options keeps the images of this store */
export interface SegmentsFound extends Reclaimed {
  readonly folder: string;
}

/** Shared memory of a store as it is now: in use while a Runner works on it, else left behind by a dead one. */
export function findSegments(root: string): SegmentsFound {
  const folder = imageFolder(root);
  return { folder, ...listSegments(folder) };
}
