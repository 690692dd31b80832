/**
 * Runs in a small tmpfs of its own: `node … full-memory.ts <mount> <mmap|plain>`. Fills it, asks the pool for more, makes
 * room and asks again; prints what happened as one JSON object. A write into a page that is not there would end this
 * process by SIGBUS.
 */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunnerError } from '../../../src/errors/index.js';
import { openImagePool } from '../../../src/images/index.js';
import { encodedImage, testImage } from '../support/images.js';
import { readNpy } from '../support/npy.js';

const [mount = '', mode = ''] = process.argv.slice(2);
const pool = await openImagePool({ folder: join(mount, 'pool'), segments: 2, preferMmap: mode === 'mmap' });
const ballast = join(mount, 'ballast');
const report: Record<string, unknown> = { mode: pool.stats().mode };

const availableBytes = () => {
  const { bavail, bsize } = statfsSync(mount);
  return bavail * bsize;
};
const outcome = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    return error instanceof RunnerError ? error.faultName : String(error);
  }
};

const small = testImage(100, 100, 3, 1);
const other = testImage(100, 100, 3, 2);
const large = testImage(1000, 1000, 3, 3);
const path = join(pool.folder, 'raw-00.npy');

const first = pool.lease(small);
writeFileSync(ballast, new Uint8Array(availableBytes() - 1_500_000));
const before = availableBytes();

report['grow a segment that is in use'] = outcome(() => first.refill(large));
report['its size is still that of the small image'] = outcome(() => first.refill(other));
report['the small image is whole'] = readNpy(path).data.equals(other.data);
report['a fresh segment'] = outcome(() => pool.lease(large));
report['a reservation'] = outcome(() => pool.reserve(large));
report['an encoded image'] = outcome(() => pool.lease(encodedImage(3_000_000)));
report['bytes kept by failures'] = before - availableBytes();
report['stats while full'] = pool.stats();
report['a small image beside it'] = outcome(() => pool.lease(encodedImage(1000)).release());

rmSync(ballast);
report['grow after room was made'] = outcome(() => first.refill(large));
report['the large image is whole'] = readNpy(path).data.equals(large.data);
report['a fresh segment after room was made'] = outcome(() => pool.lease(large).release());
report['an encoded image after room was made'] = outcome(() => pool.lease(encodedImage(3_000_000)).release());

pool.close();
report['bytes left after close'] = statfsSync(mount).blocks * statfsSync(mount).bsize - availableBytes();
process.stdout.write(JSON.stringify(report));
