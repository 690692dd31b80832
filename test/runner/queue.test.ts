import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { CallOptions, CallResult, Flow, Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { algorithmOf, processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';
import { traceOnce, walk } from './support/trace.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const EYES = 'eyes@1.0.0';
/** Far longer than what is to be finished within it, far shorter than what is not. */
const DRAIN_MS = 2000;
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({
    store,
    queueLimit: 2,
    images: { segments: 8 },
    timings: { drainMs: DRAIN_MS, shutdownMs: 200 },
  });
  await runner.install(eyesZip({ name: 'eyes' }));
  await runner.activate(EYES, ['A01']);
});

const stateOf = (): string | undefined => runner.list().releases[0]?.state;
const executing = () => expect.poll(stateOf, { interval: 5 }).toBe('Executing');
const flows = (count: number): Flow[] => Array.from({ length: count }, () => runner.openFlow({ pid: 'A01' }));
const execute = (flow: Flow | undefined, what: string, more: CallOptions = {}): Promise<CallResult> => {
  if (flow === undefined) throw new Error('no such flow');
  return flow.execute(1, { image: IMAGE, params: { do: what }, ...more }).finally(() => flow.close());
};

describe('calls of several flows', () => {
  test('wait for the process, and are served in the order they came', async () => {
    const served: number[] = [];
    const calls = flows(3).map(async (flow, i) => {
      const result = await flow.execute(1, { params: { do: 'sleep 0.05' } });
      served.push(i);
      flow.close();
      return result;
    });
    const results = await Promise.all(calls);
    expect(served).toEqual([0, 1, 2]);
    for (const result of results) expect(result).toMatchObject({ status: 'OK', verdict: 'OK' });
    expect(results[2]?.latencyMs).toBeGreaterThan(140);
  });

  test('beyond the limit are refused at once: the queue is full, retry later', async () => {
    const calls = flows(4).map((flow) => flow.execute(1, { params: { do: 'sleep 0.1' } }).finally(() => flow.close()));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    const [, , , last] = outcomes;
    expect(last).toMatchObject({
      reason: { code: '3007', faultName: 'queue_full', details: { retry_after_ms: expect.any(Number) as number } },
    });
    expect(runner.images.leased).toBe(0);
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });
});

describe('a call its caller gives up', () => {
  test('while it waits is cancelled, and the process never sees it', async () => {
    const [running, waiting] = flows(2);
    const first = execute(running, 'sleep 0.6');
    await executing();
    const giveUp = new AbortController();
    const second = execute(waiting, 'exit', { signal: giveUp.signal });
    await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort();
    expect(await second).toMatchObject({ status: 'ERROR', outcome: 'cancelled', fault: { code: '3008' } });
    expect(await first).toMatchObject({ status: 'OK' });
    expect(runner.images.leased).toBe(0);
  });

  test('while it runs is cancelled at once; its image is free when the process let go of it', async () => {
    const osPid = algorithmOf(layout, EYES);
    const [flow] = flows(1);
    const giveUp = new AbortController();
    const call = execute(flow, 'sleep 1', { signal: giveUp.signal });
    await executing();
    giveUp.abort();
    expect(await call).toMatchObject({ outcome: 'cancelled', fault: { code: '3008' } });
    expect(runner.images.leased).toBe(1); // the process still has it
    await expect.poll(() => runner.images.leased, { interval: 10 }).toBe(0);
    await expect.poll(stateOf, { interval: 5 }).toBe('Running');
    expect(algorithmOf(layout, EYES)).toBe(osPid);
  });

  test('before it began is cancelled too', async () => {
    const [flow] = flows(1);
    expect(await execute(flow, 'exit', { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'cancelled' });
    await expect.poll(() => runner.images.leased).toBe(0);
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });

  test('after its answer changes nothing', async () => {
    const giveUp = new AbortController();
    const [flow] = flows(1);
    expect(await execute(flow, 'OK', { signal: giveUp.signal })).toMatchObject({ status: 'OK' });
    giveUp.abort();
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });

  test('and its listener is taken away with its outcome', async () => {
    const { signal } = new AbortController();
    for (const flow of flows(3)) await execute(flow, 'OK', { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a stop drains first', () => {
  test('running and waiting calls are finished, new ones refused, then the process leaves by itself', async () => {
    const [running, waiting, late] = flows(3);
    const calls = [execute(running, 'sleep 0.25'), execute(waiting, 'sleep 0.05')];
    await executing();
    const stopped = runner.stop(EYES, { force: true });
    await traceOnce(runner, (all) => walk(all, `package/${EYES}`).includes('Executing.Draining'));
    expect(await refusalOf(execute(late, 'OK'))).toMatchObject({ code: '3012' });
    for (const result of await Promise.all(calls)) expect(result).toMatchObject({ status: 'OK', verdict: 'OK' });
    await stopped;
    expect(stateOf()).toBe('Stopped');
    expect(processesOf(layout)).toEqual([]);
    await runner.start(EYES);
  });

  test('but not longer than its deadline: what still runs is cancelled then', async () => {
    const [running, waiting] = flows(2);
    const calls = [execute(running, 'sleep 30'), execute(waiting, 'OK')];
    await executing();
    const sinceMs = performance.now();
    await runner.stop(EYES, { force: true });
    expect(performance.now() - sinceMs).toBeGreaterThan(DRAIN_MS - 10);
    for (const result of await Promise.all(calls))
      expect(result).toMatchObject({ outcome: 'cancelled', fault: { code: '3008' } });
    expect(runner.images.leased).toBe(0);
    await runner.start(EYES);
  });

  test('the Runner closes in the same way, and every call has its outcome', async () => {
    const [running, waiting] = flows(2);
    const calls = [execute(running, 'sleep 0.3'), execute(waiting, 'OK')];
    await executing();
    await runner.close();
    for (const result of await Promise.all(calls)) expect(result).toMatchObject({ status: 'OK', verdict: 'OK' });
    expect(processesOf(layout)).toEqual([]);
  });
});
