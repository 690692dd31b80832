import type { DecodedImage } from './decoded-image.js';
import type { ColorSpace, EncodedImage, RawImage } from './image.js';
import { isEncoded } from './image.js';
import type { ImageReservation } from './reservation.js';

/**
 * The part of the call's `image_meta` that the pool knows, in its names on the wire; whoever calls adds `timestamp_ms`
 * and `camera_id` (contract §7).
 *
 * @property byte_length of an encoded image; raw pixels say their size themselves, in the NPY header
 */
export interface ImageMeta {
  readonly width: number;
  readonly height: number;
  readonly color_space?: ColorSpace;
  readonly byte_length?: number;
}

/** What a call may look at. */
export type CallImage = RawImage | EncodedImage | ImageReservation | DecodedImage;

/** One image where one process reads it. Its bytes are valid until `release`, which happens once, however the call ended. */
export interface Lease {
  /** What goes on the wire as `shared_mem_id`: the segment is `<PROC_SHM_DIR>/<sharedMemId>.npy` (raw) or `.bin`. */
  readonly sharedMemId: string;
  /** False if it was released before. */
  release(): boolean;
}

export function metaOf(image: CallImage): ImageMeta {
  const { width, height } = image;
  if (isEncoded(image)) return { width, height, byte_length: image.bytes.length };
  return { width, height, ...(image.colorSpace === undefined ? {} : { color_space: image.colorSpace }) };
}
