/** Raw pixels where the SDK looks for them: `<PROC_SHM_DIR>/<id>.npy`, a plain NPY file (contract §7). */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `uint8`, three per pixel. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

export interface SharedImage {
  readonly id: string;
  readonly meta: { readonly width: number; readonly height: number; readonly [key: string]: unknown };
}

/** A folder in the place of /dev/shm, so that tests never fill the real one. */
export class SharedFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'procvision-examples-'));

  /** Writes `pixels` into the segment `id`; one that exists keeps its file, as the Runner's reused segments do. */
  write(id: string, { width, height, data }: Pixels, colorSpace: 'RGB' | 'BGR' = 'RGB'): SharedImage {
    const file = openSync(join(this.path, `${id}.npy`), 'a+');
    closeSync(file);
    const segment = openSync(join(this.path, `${id}.npy`), 'r+');
    try {
      const header = npyHeader(height, width);
      writeSync(segment, header, 0, header.length, 0);
      writeSync(segment, data, 0, data.byteLength, header.length);
    } finally {
      closeSync(segment);
    }
    return { id, meta: { width, height, timestamp_ms: 0, camera_id: 'test', color_space: colorSpace } };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function npyHeader(height: number, width: number): Buffer {
  const fields = `{'descr': '|u1', 'fortran_order': False, 'shape': (${height}, ${width}, 3), }`;
  const length = Math.ceil((10 + fields.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length - 10, 8);
  header.write(fields, 10);
  header.write('\n', length - 1);
  return header;
}
