import type { Fault } from '../base/errors/index.js';
import { imageWarning } from './image-fault.js';
import type { BitDepth } from './limits.js';

/** A picture whose brightest sample lies below this part of its range was most likely taken with fewer bits. */
const DARK_PART = 16;

/**
 * Samples of 16 bits as samples of 8. The rule: v × 255 / (2^bitDepth − 1), rounded; what lies beyond is 255.
 *
 * A camera of 12 bits that stores them in the lower bits of 16 gives a picture that is nearly black by this rule unless
 * `bitDepth` says 12: therefore the warning, when no sample reaches a sixteenth of the range.
 */
export function toEightBits(samples: Uint16Array, bitDepth: BitDepth): { data: Uint8Array; warnings: Fault[] } {
  const greatest = 2 ** bitDepth - 1;
  const table = new Uint8Array(65_536);
  for (let v = 0; v < table.length; v += 1) table[v] = Math.round((Math.min(v, greatest) * 255) / greatest);
  const data = new Uint8Array(samples.length);
  let brightest = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const sample = samples[i] as number;
    if (sample > brightest) brightest = sample;
    data[i] = table[sample] as number;
  }
  return { data, warnings: doubts(brightest, greatest, bitDepth) };
}

function doubts(brightest: number, greatest: number, bitDepth: BitDepth): Fault[] {
  const facts = { bit_depth: bitDepth, brightest, greatest };
  if (brightest > greatest) {
    const message = `The image has samples up to ${brightest}, beyond the ${greatest} of bit_depth ${bitDepth}; they count as white.`;
    return [imageWarning(message, facts)];
  }
  if (brightest * DARK_PART > greatest) return [];
  const message = `The image uses a sixteenth of its range or less: its brightest sample is ${brightest} of ${greatest}. If its camera has fewer bits, say so with bit_depth (10, 12, 14).`;
  return [imageWarning(message, facts)];
}
