import { join } from 'node:path';
import { createRunner } from '../../../src/index.js';
import type { RawImage, Runner, RunnerOptions } from '../../../src/index.js';
import { cleanAfterFile, cleanIfTestFails } from '../../support/cleanup.js';
import { PYTHON } from '../../support/python.js';
import { scratchFolder } from './folders.js';

const TIMINGS = { helloMs: 30_000, confirmMs: 20_000, shutdownMs: 3000, terminateMs: 300, pingIntervalMs: 60_000 };

const open = new Set<Runner>();
cleanAfterFile(async () => {
  // Whatever a call of the tests still hangs in is not waited for.
  await Promise.all([...open].map((runner) => runner.close({ hurry: true })));
  open.clear();
});

/**
 * A Runner on a store of its own unless it is given one; closed when the tests of the file are over, or when the one that
 * opened it fails: the next one may need its store.
 */
export async function openRunner(options: Partial<RunnerOptions> = {}): Promise<Runner> {
  const runner = await createRunner({
    store: join(scratchFolder(), 'store'),
    scanIntervalMs: 0,
    interpreters: [PYTHON], // so that no Runner has to look for one
    ...options,
    timings: { ...TIMINGS, ...options.timings },
    images: { segments: 2, ...options.images },
  });
  open.add(runner);
  cleanIfTestFails(() => runner.close({ hurry: true }));
  return runner;
}

/** A small image of plain grey. */
export const IMAGE: RawImage = { width: 16, height: 8, channels: 3, data: new Uint8Array(16 * 8 * 3).fill(128) };
