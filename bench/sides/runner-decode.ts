import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { createRunner } from '../../src/index.js';
import type { ImageInput, RawImage } from '../../src/index.js';
import { writeFileDurable } from '../../src/store/index.js';
import type { Numbers } from '../harness/protocol.js';
import { serveSide } from '../harness/serve-side.js';
import { median, quantile } from '../harness/statistics.js';
import { quiet } from '../packages/prepared.js';

export interface RunnerDecodeOptions {
  readonly store: string;
  readonly python: string;
  /** What decodes and what is called meanwhile, a release and a PID each. */
  readonly releases: readonly [decoding: string, other: string];
  readonly pids: readonly [decoding: string, other: string];
  /** JPEG files, the smaller first. */
  readonly files: readonly [small: string, large: string];
  /** For the durable writes, on the file system of the store. */
  readonly folder: string;
}

/** Flows that have large files decoded without pause: more than decoders, so that some always wait. */
const FLOOD_FLOWS = 6;
const EVERY_MS = 5;
/** As large as what the store writes. */
const WRITTEN = Buffer.alloc(200, '.');

/** Both of a pair are taken in the Runner's process, right after each other: whatever the machine does, it does to both. */
serveSide<RunnerDecodeOptions>(async ({ store, python, releases, pids, files, folder }) => {
  // One image on one thread, as a decoder does it.
  sharp.cache(false);
  sharp.concurrency(1);
  await mkdir(folder, { recursive: true });
  const runner = await createRunner(quiet(store, python));
  for (const [i, pid] of pids.entries()) await runner.activate(releases[i] ?? '', [pid]);
  const flow = runner.openFlow({ pid: pids[0] });
  const other = runner.openFlow({ pid: pids[1] });
  const raw = await decodeHere(files[0]);

  const call = async (caller: typeof flow, image: ImageInput): Promise<void> => {
    const result = await caller.execute(1, { image });
    if (result.status === 'ERROR') throw new Error(`a call ended as ${result.outcome}: ${result.fault.message}`);
  };
  /** Without the library's decoder between: what decoding and a call with the pixels cannot do without. */
  const floor = async (file: string): Promise<void> => call(flow, await decodeHere(file));

  const ofFile = async (file: string, size: number): Promise<{ readonly ours: number; readonly floor: number }> => {
    const samples = { ours: [] as number[], floor: [] as number[] };
    for (let i = 0; i < size; i++) {
      samples.ours.push(await lengthMs(() => call(flow, file)));
      samples.floor.push(await lengthMs(() => floor(file)));
    }
    return { ours: median(samples.ours), floor: median(samples.floor) };
  };

  const window = async (size: number) => {
    const calls: number[] = [];
    const writes: number[] = [];
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    for (let i = 0; i < size; i++) {
      calls.push(await lengthMs(() => call(other, raw)));
      await sleep(EVERY_MS);
      writes.push(await lengthMs(() => writeFileDurable(join(folder, 'file'), WRITTEN)));
      await sleep(EVERY_MS);
    }
    loop.disable();
    return { calls: quantile(calls, 0.99) * 1000, writes: quantile(writes, 0.99), hold: loop.max / 1e6 };
  };

  const flood = async <T>(during: () => Promise<T>): Promise<T> => {
    let isOver = false;
    const flows = Array.from({ length: FLOOD_FLOWS }, () => runner.openFlow({ pid: pids[0] }));
    const decoding = Promise.all(
      flows.map(async (each) => {
        while (!isOver) await call(each, files[1]);
        each.close();
      }),
    );
    decoding.catch(() => undefined); // told below
    try {
      return await during();
    } finally {
      isOver = true;
      await decoding;
    }
  };

  return {
    async round(size): Promise<Numbers> {
      const small = await ofFile(files[0], size);
      const large = await ofFile(files[1], size);
      const before = await window(size * 4);
      const during = await flood(() => window(size * 4));
      return {
        small: small.ours,
        smallFloor: small.floor,
        large: large.ours,
        largeFloor: large.floor,
        calls: during.calls,
        callsBefore: before.calls,
        writes: during.writes,
        writesBefore: before.writes,
        hold: during.hold,
        holdBefore: before.hold,
      };
    },
    async close() {
      flow.close();
      other.close();
      await runner.close();
    },
  };
});

async function decodeHere(file: string): Promise<RawImage> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 };
}

async function lengthMs(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}
