import { setMaxListeners } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RawImage, Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { eyesZip, rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const CALLERS = 8;
const CALLS = 200;
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({ releases: { hung: { timings: { executeMs: 600_000 } } } });
  await runner.install(rogueZip({ name: 'hung', manifest: { supported_pids: ['A01'] } }, 'hangs_when_called'));
  await runner.install(eyesZip({ name: 'eyes', manifest: { supported_pids: ['A02'] } }));
  await runner.activate('hung@1.0.0', ['A01']);
  await runner.activate('eyes@1.0.0', ['A02']);
});

function givingUp(): AbortController {
  const controller = new AbortController();
  setMaxListeners(100, controller.signal);
  return controller;
}

const looking = (pid: string, image: RawImage, signal?: AbortSignal) => {
  const flow = runner.openFlow({ pid });
  const call = flow.execute(1, { image, ...(signal === undefined ? {} : { signal }) });
  return call.finally(() => flow.close());
};

describe('a release that hangs while callers with images queue for it', () => {
  test('keeps one image for its one process, and nobody else waits for it', async () => {
    const giveUp = givingUp();
    const hung = Array.from({ length: CALLERS }, () => looking('A01', IMAGE, giveUp.signal));
    await expect.poll(() => runner.images.leased).toBe(1);
    for (let call = 0; call < CALLS; call += 1) {
      expect(await looking('A02', IMAGE)).toMatchObject({ status: 'OK', verdict: 'OK' });
    }
    expect(runner.images.leased).toBe(1);
    giveUp.abort();
    for (const call of await Promise.all(hung)) expect(call).toMatchObject({ outcome: 'cancelled' });
    expect(runner.images.leased).toBe(1); // its process has not let go
  });

  test('may have `queueLimit` of them waiting; one more is refused as a full queue', async () => {
    const giveUp = givingUp();
    const waiting = Array.from({ length: 64 }, () => looking('A01', IMAGE, giveUp.signal));
    await new Promise((resolve) => setImmediate(resolve));
    expect((await refusalOf(looking('A01', IMAGE))).faultName).toBe('queue_full');
    expect(await looking('A02', IMAGE)).toMatchObject({ status: 'OK' });
    giveUp.abort();
    for (const call of await Promise.all(waiting)) expect(call).toMatchObject({ outcome: 'cancelled' });
  });
});

test('images that wait have a budget of memory: beyond it they are refused, and told when to try again', async () => {
  const small = await openRunner({ images: { waitingBytesMax: 3 * IMAGE.data.length } });
  await small.install(eyesZip({ name: 'eyes' }));
  await small.activate('eyes@1.0.0', ['A01']);
  const look = (image: RawImage) => {
    const flow = small.openFlow({ pid: 'A01' });
    return flow.execute(1, { image, params: { do: 'sleep 0.2' } }).finally(() => flow.close());
  };
  const copy = (): RawImage => ({ ...IMAGE, data: Uint8Array.from(IMAGE.data) });
  const held = [look(copy()), look(copy()), look(copy())];
  await new Promise((resolve) => setImmediate(resolve));
  const refused = await refusalOf(look(copy()));
  expect(refused).toMatchObject({
    code: '3016',
    details: { reason: 'too_many_waiting', retry_after_ms: expect.any(Number) as number },
  });
  for (const call of await Promise.all(held)) expect(call).toMatchObject({ status: 'OK' });
  expect(await look(copy())).toMatchObject({ status: 'OK' });
  await small.close();
});
