import { ZIP64 } from './extra-fields.js';
import type { CentralHeader, LocalHeader } from './headers.js';
import { refusal } from './refusal.js';

const IN_ZIP64 = 0xffffffff;
const DISK_IN_ZIP64 = 0xffff;

export interface Sizes {
  readonly size: number;
  readonly compressedSize: number;
}

/**
 * What the directory says of sizes and place, its zip64 field included: exactly the numbers that do not fit elsewhere.
 * One more or one less, and readers would take different ones.
 *
 * @throws RunnerError invalid_zip
 */
export function centralNumbers(header: CentralHeader, name: string): Sizes & { readonly offset: number } {
  const { size, compressedSize, offset, disk } = header;
  const large = [size, compressedSize, offset].filter((number) => number === IN_ZIP64).length;
  const hasDisk = disk === DISK_IN_ZIP64;
  const field = header.extra.get(ZIP64)?.[0];
  const wanted = large * 8 + (hasDisk ? 4 : 0);
  if ((field?.length ?? 0) !== wanted || (wanted === 0 && field !== undefined)) {
    throw refusal('zip64', 'has a zip64 field with other numbers than those that need it', name);
  }
  let at = 0;
  const next = (number: number): number => {
    if (number !== IN_ZIP64 || field === undefined) return number;
    at += 8;
    return Number(field.readBigUInt64LE(at - 8));
  };
  const numbers = { size: next(size), compressedSize: next(compressedSize), offset: next(offset) };
  const onDisk = hasDisk && field !== undefined ? field.readUInt32LE(at) : disk;
  if (onDisk !== 0) throw refusal('multi_disk', 'lies on another disk', name);
  return numbers;
}

/**
 * The same of a local header, whose zip64 field has both sizes or is not there.
 *
 * @throws RunnerError invalid_zip
 */
export function localSizes(header: LocalHeader, name: string): Sizes {
  const { size, compressedSize } = header;
  const field = header.extra.get(ZIP64)?.[0];
  const large = [size, compressedSize].filter((number) => number === IN_ZIP64).length;
  if (field === undefined && large === 0) return { size, compressedSize };
  if (field?.length !== 16 || large !== 2) {
    throw refusal('zip64', 'has a zip64 field in its local header with other numbers than those that need it', name);
  }
  return { size: Number(field.readBigUInt64LE(0)), compressedSize: Number(field.readBigUInt64LE(8)) };
}
