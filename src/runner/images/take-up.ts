import type { ReleaseKey } from '../../../machines/release.js';
import {
  checkEncodedImage,
  checkRawImage,
  DecodedImage,
  isEncodedImage,
  metaOf,
  ReservedImage,
} from '../../images/index.js';
import type { CallImage } from '../../images/index.js';
import type { CallRequest } from '../calls/call-request.js';
import { imageMeta } from './image-input.js';
import type { ImageFacts } from './image-input.js';

/**
 * A call of this release is to look at the image: it is what it says, and stays until the call lets go of it.
 *
 * @returns lets go; null where nothing has to be held
 * @throws RunnerError image_load_failed, operation_conflict for a reservation that has ended
 */
export async function takeUp(image: CallImage | null, release: ReleaseKey): Promise<(() => void) | null> {
  if (image === null) return null;
  if (image instanceof ReservedImage) {
    await image.use(release);
    return () => image.unuse();
  }
  if (image instanceof DecodedImage) {
    image.use();
    return () => image.unuse();
  }
  if (isEncodedImage(image)) checkEncodedImage(image);
  else checkRawImage(image as never);
  return null;
}

/** What the algorithm is told of the image; taken at `wallMs` when nobody says when. */
export const metaFor = (image: CallImage | null, facts: ImageFacts, wallMs: number): CallRequest['meta'] =>
  image === null ? null : imageMeta(metaOf(image), facts, wallMs);
