import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/images/index.js';
import type { CallResult, Runner, RunnerOptions } from '../../src/index.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

/** A PNG whose header is sound and whose pixels are not: passed through, only its reader finds out. */
const BROKEN = await (async (): Promise<Buffer> => {
  const png = Buffer.from(await encodePng(IMAGE));
  const at = png.indexOf('IDAT') + 4;
  deflateSync('no pixels').copy(png, at);
  return png;
})();

const store = join(scratchFolder(), 'store');

async function look(runner: Runner, verdict: string): Promise<CallResult> {
  const flow = runner.openFlow({ pid: 'A01' });
  try {
    return await flow.execute(1, { params: { do: verdict }, image: BROKEN, passThrough: true });
  } finally {
    flow.close();
  }
}

describe('an image that its reader cannot decode', () => {
  let runner: Runner;
  beforeAll(async () => {
    runner = await openRunner({ store });
    await runner.install(eyesZip({ name: 'eyes' }));
    await runner.activate('eyes@1.0.0', ['A01']);
  });
  afterAll(() => runner.close());

  test.each(['OK', 'NG', 'no verdict'])('is 1002, and the verdict (%s) is withheld', async (verdict) => {
    const result = await look(runner, verdict);
    expect(result).toMatchObject({
      status: 'ERROR',
      outcome: 'error',
      fault: { code: '1002', name: 'image_load_failed', details: { frame: expect.any(Object) as object } },
    });
    expect(result).not.toHaveProperty('verdict');
    expect(result.failedAttempts).toEqual([]);
  });

  test('fails the whole inspection', async () => {
    const detection = await runner.detect({ pid: 'A01', image: BROKEN, passThrough: true });
    expect(detection).toMatchObject({ status: 'ERROR', verdict: null, fault: { code: '1002' } });
  });

  test('leaves the process as it is: the next image is judged', async () => {
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
    expect(runner.list().releases[0]).toMatchObject({ state: 'Running' });
  });
});

test.each<[string, Partial<RunnerOptions>]>([
  ['for the Runner', { images: { undecoded: 'warn' } }],
  ['for the release by name', { releases: { eyes: { images: { undecoded: 'warn' } } } }],
  [
    'for the release',
    { images: { undecoded: 'error' }, releases: { 'eyes@1.0.0': { images: { undecoded: 'warn' } } } },
  ],
])('is a warning beside the verdict where that is asked for, %s', async (_, options) => {
  await using runner = await openRunner({ store, ...options });
  const result = await look(runner, 'OK');
  expect(result).toMatchObject({ status: 'OK', verdict: 'OK', warnings: [{ code: '1002' }] });
});
