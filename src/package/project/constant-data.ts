import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createDeflateRaw } from 'node:zlib';
import { crc32 } from 'node:zlib';

/*
 * A blank mask or a table of zeros compresses a thousandfold, and a zip that unpacks to a thousand times its size is what
 * hosts refuse. Such files are stored as they are.
 */

/** Below this size the header alone keeps the ratio in bounds. */
const SIZE_MIN = 16 * 1024;
/** At the quickest level; the best one makes at most five times less of the same, which stays below what hosts accept. */
const RATIO_MAX = 40;

export interface StoredEntry {
  readonly crc32: number;
  readonly uncompressedSize: number;
  readonly compressedSize: number;
}

/** What a file's entry says where it is better stored; undefined where it is better packed. */
export async function storedInstead(file: string): Promise<StoredEntry | undefined> {
  const { size } = await stat(file);
  if (size < SIZE_MIN || !(await packsTooWell(file, size))) return undefined;
  let checksum = 0;
  for await (const chunk of createReadStream(file)) checksum = crc32(chunk as Buffer, checksum);
  return { crc32: checksum, uncompressedSize: size, compressedSize: size };
}

/** Ordinary data are told apart after a fortieth of them. */
async function packsTooWell(file: string, size: number): Promise<boolean> {
  const packer = createDeflateRaw({ level: 1 });
  const reader = createReadStream(file);
  reader.once('error', (error) => packer.destroy(error));
  reader.pipe(packer);
  let packed = 0;
  try {
    for await (const chunk of packer) {
      packed += (chunk as Buffer).length;
      if (packed * RATIO_MAX > size) return false;
    }
    return true;
  } finally {
    reader.destroy();
  }
}
