import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { CallResult, Flow, Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { algorithmOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip, rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const EYES = 'eyes@1.0.0';
let runner: Runner;

beforeAll(async () => {
  const releases = { 'short@1.0.0': { timings: { flowIdleMs: 120 } } };
  runner = await openRunner({ store, releases, restart: { breakerLosses: 100, immediateRestarts: 100 } });
  await runner.install(eyesZip({ name: 'eyes' }));
  for (const [name, pid] of Object.entries({ keeper: 'K01', short: 'S01' })) {
    await runner.install(rogueZip({ name, manifest: { supported_pids: [pid] } }));
    await runner.activate(`${name}@1.0.0`, [pid]);
  }
  await runner.activate(EYES, ['A01']);
});

const dataOf = (result: CallResult): Record<string, unknown> => {
  if (result.status !== 'OK') throw new Error(JSON.stringify(result));
  return result.data;
};
const stateOf = (result: CallResult) => (dataOf(result)['seen'] as Record<string, unknown>)['state'];
const remember = { params: { do: 'remember' } };

describe('a session lives as long as its flow (contract §6)', () => {
  test('what pre stored, execute and later steps see', async () => {
    const flow = runner.openFlow({ pid: 'A01' });
    await flow.pre(1);
    expect(stateOf(await flow.execute(1, remember))).toEqual({ pre: { step: 1, pid: 'A01' }, calls: 1 });
    expect(stateOf(await flow.execute(2, remember))).toEqual({ pre: { step: 1, pid: 'A01' }, calls: 2 });
    flow.close();
  });

  test('the next flow begins with nothing', async () => {
    const [first, second] = [runner.openFlow({ pid: 'A01' }), runner.openFlow({ pid: 'A01' })];
    await first.execute(1, remember);
    expect(stateOf(await second.execute(1))).toEqual({});
    expect(first.id).not.toBe(second.id);
    first.close();
    second.close();
  });

  test('the state travels with the call: a successor of a dead process sees it too', async () => {
    const flow = runner.openFlow({ pid: 'A01' });
    await flow.pre(1);
    await flow.execute(1, remember);
    const first = algorithmOf(layout, EYES);
    expect(await flow.execute(1, { params: { do: 'exit' }, retries: 0 })).toMatchObject({ outcome: 'lost' });
    expect(stateOf(await flow.execute(1, remember))).toEqual({ pre: { step: 1, pid: 'A01' }, calls: 2 });
    expect(algorithmOf(layout, EYES)).not.toBe(first);
    flow.close();
  });

  test('a call that failed has changed nothing of what the next one sees', async () => {
    const flow = runner.openFlow({ pid: 'A01' });
    await flow.execute(1, remember);
    expect(await flow.execute(1, { params: { do: 'raise' } })).toMatchObject({ status: 'ERROR' });
    expect(stateOf(await flow.execute(1, remember))).toEqual({ calls: 2 });
    flow.close();
  });
});

describe('an algorithm that does not hand sessions over keeps its flow on one process', () => {
  test('and ends when that process dies, with a code that says so', async () => {
    const flow = runner.openFlow({ pid: 'K01' });
    await flow.execute(1);
    expect(await flow.execute(1, { params: { do: 'crash' } })).toMatchObject({ outcome: 'lost' });
    expect(flow.open).toBe(false);
    const refusal = await refusalOf(flow.execute(1));
    expect(refusal).toMatchObject({ code: '3015', faultName: 'flow_ended' });
    expect(refusal.message).toMatch(/process.*gone/);
  });

  test('also when it died between two calls', async () => {
    const flow = runner.openFlow({ pid: 'K01' });
    await flow.execute(1);
    process.kill(algorithmOf(layout, 'keeper@1.0.0'), 'SIGKILL');
    expect(await refusalOf(untilRefused(flow))).toMatchObject({ code: '3015' });
    expect(await runner.detect({ pid: 'K01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });

  test('a flow that has not called yet has no process to lose', async () => {
    const flow = runner.openFlow({ pid: 'K01' });
    await runner.detect({ pid: 'K01', image: IMAGE });
    process.kill(algorithmOf(layout, 'keeper@1.0.0'), 'SIGKILL');
    await runner.detect({ pid: 'K01', image: IMAGE });
    expect(await flow.execute(1)).toMatchObject({ status: 'OK' });
    flow.close();
  });
});

/** Calls until the flow is refused; a call that falls into the very death of its process is lost before that. */
async function untilRefused(flow: Flow): Promise<void> {
  for (;;) await flow.execute(1);
}

const saidByEyes = (): unknown[] =>
  readFileSync(join(layout.releaseLogs('eyes', '1.0.0'), 'algorithm.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('the end of a flow', () => {
  test('a closed flow takes no call', async () => {
    const flow = runner.openFlow({ pid: 'A01' });
    flow.close();
    flow.close();
    expect(flow.open).toBe(false);
    expect(await refusalOf(flow.pre(1))).toMatchObject({ code: '3015' });
  });

  test('one without a call for its time has ended by itself; calls put that off', async () => {
    const flow = runner.openFlow({ pid: 'S01' });
    const bornMs = performance.now();
    while (performance.now() - bornMs < 300) expect(await flow.execute(1)).toMatchObject({ status: 'OK' });
    await expect.poll(() => flow.open, { interval: 10 }).toBe(false);
    const refusal = await refusalOf(flow.execute(1));
    expect(refusal).toMatchObject({ code: '3015' });
    expect(refusal.message).toContain('no call');
  });

  test('one whose call takes longer than that is not ended by it', async () => {
    const flow = runner.openFlow({ pid: 'S01' });
    expect(await flow.execute(1, { params: { do: 'busy loop' }, timeoutMs: 300, retries: 0 })).toMatchObject({
      outcome: 'timed_out',
    });
  });

  test('a cancelled one lets the algorithm reset what it keeps for it, and takes no call', async () => {
    const flow = runner.openFlow({ pid: 'A01' });
    await flow.pre(1);
    await flow.cancel();
    expect(await refusalOf(flow.execute(1))).toMatchObject({
      code: '3015',
      message: expect.stringContaining('cancelled') as string,
    });
    // Its standard error may come a moment after its answer.
    await expect
      .poll(saidByEyes)
      .toContainEqual(
        expect.objectContaining({ message: 'reset', fields: expect.objectContaining({ session: flow.id }) as object }),
      );
  });

  test('algorithms that announce no reset are not asked for one', async () => {
    const flow = runner.openFlow({ pid: 'K01' });
    await flow.execute(1);
    await flow.cancel();
    expect(await runner.detect({ pid: 'K01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });

  test('cancel and close in any order, any number of times', async () => {
    const flow = runner.openFlow({ pid: 'A01' });
    await Promise.all([flow.cancel(), flow.cancel()]);
    flow.close();
    await flow.cancel();
    expect(flow.open).toBe(false);
  });
});

test('a flow goes on on its release although its PID was unbound meanwhile', async () => {
  const flow = runner.openFlow({ pid: 'K01' });
  await runner.deactivate(['K01']);
  expect(await flow.execute(1)).toMatchObject({ status: 'OK', release: 'keeper@1.0.0' });
  flow.close();
  expect(() => runner.openFlow({ pid: 'K01' })).toThrow(expect.objectContaining({ code: '1001' }));
});
