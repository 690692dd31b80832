import { fault, keepable } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';
import type { Message } from './frame.js';

/** What becomes of a call whose image its reader could not decode: an error of the call, or a warning beside its result. */
export type UndecodedImages = 'error' | 'warn';

const FRAME_CHARACTERS_KEPT = 64 * 1024;
const REASON_CHARACTERS_KEPT = 2_000;

/** The reader put black pixels in the place of the image and said so: a verdict on them is none on the product. */
export function imageUnseen(debug: Readonly<Record<string, unknown>>, frame: Message): Fault | null {
  if (debug['image_decode_failed'] !== true) return null;
  return fault(
    'image_load_failed',
    `The algorithm could not read its image and looked at a black one: ${quoted(debug['image_decode_reason'])}.`,
    {
      hint: 'If files of this kind are passed through, let the Runner decode them; the log of the release says more.',
      details: { frame: keepable(frame, FRAME_CHARACTERS_KEPT) },
    },
  );
}

const quoted = (reason: unknown): string =>
  typeof reason === 'string' && reason !== '' ? reason.slice(0, REASON_CHARACTERS_KEPT) : 'it gave no reason';
