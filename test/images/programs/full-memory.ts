/**
 * Runs in a small tmpfs of its own: `node … full-memory.ts <mount>`. Fills it, asks the pool for more, makes room and asks
 * again; prints what happened as one JSON object.
 */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunnerError } from '../../../src/base/errors/index.js';
import { openImagePool } from '../../../src/images/index.js';
import type { CallImage, ProcessImages } from '../../../src/images/index.js';
import { encodedImage, testImage } from '../support/images.js';
import { readNpy } from '../support/npy.js';

const [mount = ''] = process.argv.slice(2);
const pool = await openImagePool({ folder: join(mount, 'pool') });
const ballast = join(mount, 'ballast');
const report: Record<string, unknown> = {};

const availableBytes = () => {
  const { bavail, bsize } = statfsSync(mount);
  return bavail * bsize;
};
async function outcome(images: ProcessImages, image: CallImage): Promise<string> {
  try {
    const lease = await images.place(image);
    lease.release();
    return 'done';
  } catch (error) {
    return error instanceof RunnerError ? error.faultName : String(error);
  }
}
const whole = (images: ProcessImages, image: { readonly data: Uint8Array }) =>
  readNpy(join(images.folder, 'raw-00.npy')).data.equals(image.data);

const small = testImage(100, 100, 3, 1);
const middle = testImage(600, 500, 3, 2);
const large = testImage(1000, 1000, 3, 3);
const [first, second] = [pool.enter('first@1.0.0'), pool.enter('second@1.0.0')];

await outcome(first, middle);
writeFileSync(ballast, new Uint8Array(availableBytes() - 500_000));
report['a large image'] = await outcome(second, large);
report['a large encoded image'] = await outcome(second, encodedImage(3_000_000));
report['a small image'] = await outcome(second, small);
report['the small image is whole'] = whole(second, small);
await outcome(first, middle);
report['an image that fits once an idle process gives its memory back'] = await outcome(second, middle);
report['the other process is served again'] = await outcome(first, middle);

rmSync(ballast);
report['a large image after room was made'] = await outcome(second, large);
report['the large image is whole'] = whole(second, large);

await pool.close();
report['bytes left after close'] = statfsSync(mount).blocks * statfsSync(mount).bsize - availableBytes();
process.stdout.write(JSON.stringify(report));
