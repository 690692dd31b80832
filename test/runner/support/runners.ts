import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createRunner } from '../../../src/index.js';
import type { RawImage, Runner, RunnerOptions } from '../../../src/index.js';
import { scratchFolder } from './folders.js';

/** The interpreter itself, so that no Runner has to look for one. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

const TIMINGS = { helloMs: 10_000, confirmMs: 3000, shutdownMs: 3000, terminateMs: 300, pingIntervalMs: 60_000 };

const open = new Set<Runner>();
afterAll(async () => {
  await Promise.all([...open].map((runner) => runner.close()));
});

/** A Runner on a store of its own unless it is given one; closed when the tests of the file are over. */
export async function openRunner(options: Partial<RunnerOptions> = {}): Promise<Runner> {
  const runner = await createRunner({
    store: join(scratchFolder(), 'store'),
    scanIntervalMs: 0,
    interpreters: [PYTHON],
    ...options,
    timings: { ...TIMINGS, ...options.timings },
    images: { segments: 2, ...options.images },
  });
  open.add(runner);
  return runner;
}

/** A small image of plain grey. */
export const IMAGE: RawImage = { width: 16, height: 8, channels: 3, data: new Uint8Array(16 * 8 * 3).fill(128) };
