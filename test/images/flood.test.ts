import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { ImageDecoder } from '../../src/images/index.js';
import { writeFileDurable } from '../../src/store/index.js';
import { openRecorder } from '../../src/trace/index.js';

/** On a real disk: durable writes to memory would prove nothing. */
const folder = mkdtempSync(join(tmpdir(), 'procvision-flood-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FLOOD = 8;
/** Far above what a write takes on a loaded machine, far below what the flood takes. */
const BOUND_MS = 1000;

it('durable writes and the trace do not wait for a flood of 12-megapixel images', { timeout: 60_000 }, async () => {
  const large = join(folder, 'large.jpg');
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const create = { width: 4000, height: 3000, channels: 3, background: 'black', noise } as const;
  await sharp({ create }).jpeg().toFile(large);
  const decoder = new ImageDecoder();
  const recorder = openRecorder({ folder: join(folder, 'traces'), runnerVersion: '1', machines: {} });
  const kind = recorder.kind({ a: 'route/A01', m: 'route', e: 'asked', b: 'Bound', f: 'Bound', d: [] });
  try {
    let decoded = 0;
    const images = Array.from({ length: FLOOD }, async () => {
      const { width } = await decoder.decodeFile(large);
      decoded += 1;
      return width;
    });
    const took: number[] = [];
    while (decoded < FLOOD) {
      const beganMs = performance.now();
      recorder.record(kind, '');
      recorder.flush();
      await writeFileDurable(join(folder, 'route.json'), Buffer.from(`{"decoded":${decoded}}`));
      took.push(performance.now() - beganMs);
    }
    expect(new Set(await Promise.all(images))).toEqual(new Set([4000]));
    expect(took.length).toBeGreaterThan(FLOOD);
    expect(Math.max(...took)).toBeLessThan(BOUND_MS);
  } finally {
    decoder.close();
    recorder.close();
  }
});
