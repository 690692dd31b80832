import { listSegments } from '../../images/index.js';
import type { Reclaimed } from '../../images/index.js';
import type { StoreLayout } from '../../store/index.js';
import { findImageFolder } from '../images/image-folder.js';

/** @property folder where a Runner with default options keeps the images of this store */
export interface SegmentsFound extends Reclaimed {
  readonly folder: string;
}

/** Shared memory of a store as it is now: in use while a Runner works on it, else left behind by a dead one. */
export async function findSegments(layout: StoreLayout): Promise<SegmentsFound | null> {
  const folder = await findImageFolder(layout);
  return folder === null ? null : { folder, ...listSegments(folder) };
}
