import { createCipheriv } from 'node:crypto';
import { wheelFile } from './wheel-file.js';
import type { WheelFile } from './wheel-file.js';

/** A wheel of data that no compression makes smaller, as compiled code and models hardly do. @param count of its files */
export function largeWheel(name: string, bytes: number, count: number): Promise<WheelFile> {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(bytes));
  const each = Math.ceil(bytes / count);
  const files = new Map([[`${name}/__init__.py`, Buffer.alloc(0)]]);
  for (let i = 0; i < count; i++) files.set(`${name}/data_${i}.bin`, noise.subarray(i * each, (i + 1) * each));
  return wheelFile(name, files);
}
