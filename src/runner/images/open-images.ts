import type { RunnerError } from '../../base/errors/index.js';
import { openImagePool } from '../../images/index.js';
import type { ImagePool } from '../../images/index.js';
import type { StoreLayout } from '../../store/index.js';
import { claimImageFolder } from './image-folder.js';
import type { ImageOptions } from './image-options.js';

/**
 * The images of a store, in a folder that no other living Runner has.
 *
 * @returns `close` frees it all
 * @throws RunnerError host_unfit, store_io_failed, store_locked; nothing stays open then
 */
export async function openImages(
  layout: StoreLayout,
  options: ImageOptions,
  onProblem: (problem: RunnerError) => void,
): Promise<{ readonly pool: ImagePool; close(): Promise<void> }> {
  const { segments, reservationMs } = options;
  const claimed = await claimImageFolder(layout, options.folder);
  try {
    const pool = await openImagePool({
      folder: claimed.folder,
      onProblem,
      ...(segments === undefined ? {} : { reservations: segments }),
      ...(reservationMs === undefined ? {} : { reservationMs }),
    });
    return { pool, close: () => pool.close().finally(() => claimed.release()) };
  } catch (error) {
    await claimed.release();
    throw error;
  }
}
