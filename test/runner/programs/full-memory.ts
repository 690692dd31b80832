/**
 * Runs in a small tmpfs of its own: `full-memory.ts <mount> <store>`: a Runner on the store whose images lie in the
 * mount. Fills it, calls, makes room, calls again; prints what happened as one JSON object.
 */
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunner, RunnerError } from '../../../src/index.js';

const [mount = '', store = ''] = process.argv.slice(2);
const runner = await createRunner({ store, scanIntervalMs: 0, images: { folder: mount, segments: 1 } });
await runner.start('strict@1.0.0');
const flow = runner.openFlow({ pid: 'A01' });
const report: Record<string, unknown> = {};

async function outcome(side: number): Promise<string> {
  const image =
    side === 0
      ? {}
      : { image: { width: side, height: side, channels: 3 as const, data: new Uint8Array(side * side * 3) } };
  try {
    return (await flow.execute(1, { params: { mode: 'fast' }, ...image })).status;
  } catch (error) {
    return error instanceof RunnerError ? error.faultName : String(error);
  }
}

report['an image that fits'] = await outcome(100);
const { bavail, bsize } = statfsSync(mount);
writeFileSync(join(mount, 'ballast'), new Uint8Array(bavail * bsize - 65536));
report['an image while the memory is full'] = await outcome(1000);
report['a call without an image meanwhile'] = await outcome(0);
report['leased'] = runner.images.leased;
rmSync(join(mount, 'ballast'));
report['an image after room was made'] = await outcome(1000);
await runner.close();
report['left in the memory after close'] = readdirSync(mount);
process.stdout.write(JSON.stringify(report));
