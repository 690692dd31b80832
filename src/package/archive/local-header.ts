import { checkExtraFields } from './extra-fields.js';
import type { LocalHeader, ZipHeader } from './headers.js';
import { refusal } from './refusal.js';
import { localSizes } from './zip64.js';
import type { Sizes } from './zip64.js';

/** General purpose bit 3: sizes and checksum follow the data instead of standing in the local header. */
export const DESCRIPTOR_FLAG = 0x8;
/** How hard the packer tried; no reader looks at it. */
const EFFORT_FLAGS = 0x6;

/**
 * The local header must tell the same story as the central directory: readers that stream see only the one, readers
 * that seek only the other.
 *
 * @throws RunnerError invalid_zip
 */
export function checkLocalHeader(central: ZipHeader & Sizes, local: LocalHeader, name: string): void {
  const differs = (what: string) => refusal('local_header', `has a different ${what} in its local header`, name);
  if (!local.nameRaw.equals(central.nameRaw)) throw differs('name');
  if (local.method !== central.method) throw differs('compression method');
  if (((local.flags ^ central.flags) & ~EFFORT_FLAGS) !== 0) throw differs('set of flags');
  checkExtraFields(local.extra, local.nameRaw, name);

  const { size, compressedSize } = localSizes(local, name);
  const later = (local.flags & DESCRIPTOR_FLAG) !== 0;
  const same = (stated: number, true_: number): boolean => stated === true_ || (later && stated === 0);
  if (!same(local.crc32, central.crc32)) throw differs('checksum');
  if (!same(size, central.size)) throw differs('size');
  if (!same(compressedSize, central.compressedSize)) throw differs('compressed size');
}
