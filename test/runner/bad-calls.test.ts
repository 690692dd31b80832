import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { CallOptions, CallResult, Runner } from '../../src/index.js';
import { algorithmOf, census } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const RELEASE = 'rogue@1.0.0';
let runner: Runner;

beforeAll(async () => {
  // Losses are what these tests are about, each of a single attempt: the breaker must not open over them.
  runner = await openRunner({ store, retries: 0, restart: { breakerLosses: 1000, immediateRestarts: 1000 } });
  await runner.install(rogueZip({ name: 'rogue' }));
  await runner.install(rogueZip({ name: 'good', manifest: { supported_pids: ['B01'] } }));
  await runner.activate(RELEASE, ['A01']);
  await runner.activate('good@1.0.0', ['B01']);
  for (const pid of ['A01', 'B01']) await runner.detect({ pid, image: IMAGE });
});

/** `execute` with an image, so that a segment is on its way while it goes wrong. */
async function execute(what: string, options: CallOptions = {}): Promise<CallResult> {
  const flow = runner.openFlow({ pid: 'A01' });
  try {
    return await flow.execute(1, { image: IMAGE, params: { do: what }, ...options });
  } finally {
    flow.close();
  }
}

let before: ReturnType<typeof census>;
beforeEach(async () => {
  await execute('nothing wrong');
  before = census(runner, layout);
});

/** As before, once the process was replaced: same processes, same descriptors, nothing leased; all others untouched. */
async function everythingIsAsBefore(): Promise<void> {
  expect(runner.images.leased).toBe(0);
  expect(await runner.detect({ pid: 'B01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
  expect(await execute('nothing wrong')).toMatchObject({ status: 'OK', verdict: 'OK' });
  await expect.poll(() => census(runner, layout)).toEqual(before);
}

describe('a call in which the process breaks down is lost; the process is replaced and the next call served', () => {
  test.each([
    ['print', '3001', /printed to standard output/],
    ['huge frame', '3001', /2147483647 bytes, above the cap/],
    ['no json', '3001', /not valid JSON/],
    ['crash', '3002', /exited with code 1/],
    ['exit in mid-frame', '3002', /code 0.*middle of a frame/],
  ])('%s', async (what, code, names) => {
    const first = algorithmOf(layout, RELEASE);
    const result = await execute(what);
    expect(result).toMatchObject({ status: 'ERROR', outcome: 'lost', fault: { code } });
    expect(result.status === 'ERROR' && result.fault.message).toMatch(names);
    await everythingIsAsBefore();
    expect(algorithmOf(layout, RELEASE)).not.toBe(first);
  });

  test('kill −9 from outside during a call', async () => {
    const first = algorithmOf(layout, RELEASE);
    const settled = execute('busy loop');
    await expect.poll(() => runner.list().releases.find(({ release }) => release === RELEASE)?.state).toBe('Executing');
    process.kill(first, 'SIGKILL');
    expect(await settled).toMatchObject({ outcome: 'lost', fault: { code: '3002', details: { signal: 'SIGKILL' } } });
    await everythingIsAsBefore();
  });

  test('the reason comes with its last words', async () => {
    const result = await execute('crash');
    const words = result.status === 'ERROR' ? (result.fault.details?.['last_stderr'] as string[]) : [];
    expect(words.at(-1)).toBe('RuntimeError: the lens is gone');
    await everythingIsAsBefore();
  });
});

describe('a call that hangs ends at its deadline as 1005, and the process is replaced', () => {
  async function timesOut(what: string): Promise<void> {
    const result = await execute(what, { timeoutMs: 200 });
    expect(result).toMatchObject({ status: 'ERROR', outcome: 'timed_out', fault: { code: '1005' } });
    expect(result.latencyMs).toBeGreaterThanOrEqual(200);
    expect(result.latencyMs).toBeLessThan(10_000);
    await everythingIsAsBefore();
  }

  test('because it works for ever', () => timesOut('busy loop'));

  test('because it was stopped from outside', async () => {
    process.kill(algorithmOf(layout, RELEASE), 'SIGSTOP');
    await timesOut('nothing wrong');
  });
});

describe('what a process says beside its answer does not disturb the call', () => {
  test.each(['reply twice', 'reply to nobody'])('%s', async (what) => {
    const first = algorithmOf(layout, RELEASE);
    for (let i = 0; i < 3; i++) expect(await execute(what)).toMatchObject({ status: 'OK', verdict: 'OK' });
    await everythingIsAsBefore();
    expect(algorithmOf(layout, RELEASE)).toBe(first);
  });

  test('a line of 1 GiB on standard error costs neither memory nor disk', async () => {
    const rss = process.memoryUsage().rss;
    expect(await execute('long line', { timeoutMs: 25_000 })).toMatchObject({ status: 'OK', verdict: 'OK' });
    expect(process.memoryUsage().rss - rss).toBeLessThan(100 << 20);
    const log = join(layout.releaseLogs('rogue', '1.0.0'), 'algorithm.jsonl');
    expect(statSync(log).size + (existsSync(`${log}.1`) ? statSync(`${log}.1`).size : 0)).toBeLessThan(1 << 20);
    await everythingIsAsBefore();
  });

  test('an answer that breaks the contract is an error of that call alone', async () => {
    const result = await execute('broken contract');
    expect(result).toMatchObject({ status: 'ERROR', outcome: 'error', fault: { code: '3009' } });
    expect(result).not.toHaveProperty('verdict');
    await everythingIsAsBefore();
  });
});

test('a session state made to break its reader is refused at the reply that brought it, and the flow goes on', async () => {
  const zip = rogueZip({
    name: 'carrier',
    manifest: { entry_point: 'main.py', supported_pids: ['C01'] },
    files: { 'main.py': CARRIER },
  });
  await runner.install(zip);
  await runner.activate('carrier@1.0.0', ['C01']);
  const flow = runner.openFlow({ pid: 'C01' });
  expect(await flow.execute(1, { params: { do: 'deep state' } })).toMatchObject({
    status: 'ERROR',
    fault: { name: 'contract_violation' },
  });
  expect(await flow.execute(1)).toMatchObject({ status: 'OK' });
  flow.close();
  expect(await runner.detect({ pid: 'C01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
  expect(runner.problems).toEqual([]);
  await runner.deactivate(['C01']);
  await runner.stop('carrier@1.0.0');
});

const CARRIER = `import sys
sys.argv.append("session_state")
import rogue
`;
