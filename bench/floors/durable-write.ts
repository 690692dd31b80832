import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';

export interface DurableWriteOptions {
  /** On the file system of the store. */
  readonly folder: string;
  /** As large as what the other side writes. */
  readonly bytes: number;
}

/** Floor of whatever has to be on disk: one small file, written aside, synced, renamed, its folder synced. */
serveSide<DurableWriteOptions>(({ folder, bytes }) => {
  mkdirSync(folder, { recursive: true });
  const content = Buffer.alloc(bytes, '.');
  const file = join(folder, 'file');
  const once = (): number => {
    const beganMs = performance.now();
    const aside = openSync(`${file}.tmp`, 'w', 0o644);
    writeSync(aside, content);
    fsyncSync(aside);
    closeSync(aside);
    renameSync(`${file}.tmp`, file);
    const entry = openSync(folder, 'r');
    fsyncSync(entry);
    closeSync(entry);
    return performance.now() - beganMs;
  };
  return Promise.resolve({
    round(size) {
      const samplesMs = Array.from({ length: size }, once);
      return Promise.resolve({ write: median(samplesMs) });
    },
  });
});
