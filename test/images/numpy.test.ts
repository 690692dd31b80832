import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { testImage } from './support/images.js';
import { openPool, placed, rawPath } from './support/pools.js';

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
    const pool = await openPool();
    const [one, other] = [pool.enter('eyes@1.0.0'), pool.enter('eyes@1.0.0')];
    placed(one, testImage(300, 100)).release(); // the segment stays longer than what follows
    const color = testImage(33, 21);
    const grey = testImage(17, 40, 1);
    placed(one, color);
    placed(other, grey);
    const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
    const common = { dtype: 'uint8', c_order: true, same_as_view: true, offset: 128 };
    expect(load(rawPath(one), rawPath(other))).toEqual([
      { ...common, shape: [21, 33, 3], pixels: hex(color.data) },
      { ...common, shape: [40, 17], pixels: hex(grey.data) },
    ]);
    await pool.close();
  });
});
