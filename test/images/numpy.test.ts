import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openImagePool } from '../../src/images/index.js';
import { scratchFolder } from './support/folders.js';
import { testImage } from './support/images.js';

const candidates = [process.env['PROCVISION_NUMPY_PYTHON'], 'python3', '/usr/bin/python3'];
const python = candidates.find((path) => path !== undefined && spawnSync(path, ['-c', 'import numpy']).status === 0);
const required = process.env['PROCVISION_REQUIRE_NUMPY'] === '1';

const PROGRAM = `
import json, sys, numpy
for path in sys.argv[1:]:
    image = numpy.load(path)
    view = numpy.load(path, mmap_mode="r")
    print(json.dumps({
        "shape": image.shape, "dtype": str(image.dtype), "c_order": bool(image.flags.c_contiguous),
        "pixels": image.tobytes().hex(), "same_as_view": bool((view == image).all()), "offset": view.offset,
    }))
`;

/** What NumPy makes of segments. */
function load(...paths: string[]) {
  const { status, stdout, stderr } = spawnSync(python ?? 'python3', ['-c', PROGRAM, ...paths], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a segment read by NumPy', () => {
  beforeAll(() => {
    if (required && python === undefined) throw new Error(`no python with NumPy among ${candidates.join(', ')}`);
  });

  it.skipIf(python === undefined && !required)('is the image, whatever lay in the segment before', async () => {
    const pool = await openImagePool({ folder: join(scratchFolder(), 'pool') });
    pool.lease(testImage(300, 100)).release(); // raw-00 stays longer than what follows
    const color = testImage(33, 21);
    const grey = testImage(17, 40, 1);
    const [first, second] = [pool.lease(color), pool.lease(grey)];
    expect(first.sharedMemId).toBe('raw-00');
    const path = (id: string) => join(pool.folder, `${id}.npy`);
    const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
    const common = { dtype: 'uint8', c_order: true, same_as_view: true, offset: 128 };
    expect(load(path(first.sharedMemId), path(second.sharedMemId))).toEqual([
      { ...common, shape: [21, 33, 3], pixels: hex(color.data) },
      { ...common, shape: [40, 17], pixels: hex(grey.data) },
    ]);
    pool.close();
  });
});
