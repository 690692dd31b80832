import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { TraceRecord } from '../../src/api/trace.js';
import type { Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, CRASH_AT_ONCE, failed, spoil, station } from './support/station.js';
import { of, traceOf, traceOnce, walk } from './support/trace.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const STATION = station(1);
/** Long enough to call meanwhile, on a busy machine too. */
const COOLDOWN_MS = 1000;
const BACKOFF_MS = 60;
let runner: Runner;

const open = (seed: number): Promise<Runner> =>
  openRunner({
    store: layout.root,
    retries: 0,
    seed,
    restart: {
      ...{ immediateRestarts: 3, breakerLosses: 5, windowMs: 60_000 },
      ...{ backoffMs: BACKOFF_MS, jitterShare: 1, cooldownMs: COOLDOWN_MS },
    },
  });

beforeAll(async () => {
  runner = await open(7);
  await runner.install(stationZip());
  await runner.activate(STATION, ['A01']);
});

const viewOf = () => runner.list().releases[0];
const alive = (): number => processesOf(layout).filter(({ command }) => command.includes('/venv/bin/python')).length;
const crash = async () => failed(await call(runner, 'A01', 'exit 3'));
const stopped = () => expect.poll(() => viewOf()?.state, { interval: 5 }).toBe('Stopped');
const running = () => expect.poll(() => viewOf()?.state, { interval: 5 }).toBe('Running');

interface Loss {
  readonly jitter: number;
  /** From the loss to the next start; 0: in the same breath; null: there was none. */
  readonly pauseMs: number | null;
}

/** What the release did about each loss of a process, in order. */
function losses(records: readonly TraceRecord[]): Loss[] {
  const own = of(records, `package/${STATION}`);
  return own.flatMap(({ event, before, after, atUs, data }, i): Loss[] => {
    if (event !== 'process.ended' || !/^(Running|Executing)/.test(before ?? '')) return [];
    const jitter = data['jitter'] as number;
    if (after.startsWith('Stopped')) return [{ jitter, pauseMs: null }];
    const rest = own.slice(i + 1);
    const next = rest[rest.findIndex((one) => /^(slot.restarted|process.ready)$/.test(one.event))];
    return [{ jitter, pauseMs: next?.event === 'slot.restarted' ? (next.atUs - atUs) / 1000 : 0 }];
  });
}

describe('a release that loses its processes', () => {
  test('is restarted at once three times, then with a pause, and given up at exactly the fifth loss: calls are answered with that at once', async () => {
    const outcomes: string[] = [];
    for (let loss = 1; loss <= 5; loss++) outcomes.push((await crash()).outcome);
    await stopped();
    expect(await refusalOf(call(runner, 'A01'))).toMatchObject({ code: '3006' });
    expect(runner.routeOf('A01')).toBe(STATION);
    expect(outcomes).toEqual(['lost', 'lost', 'lost', 'lost', 'lost']);
    expect(viewOf()?.reason).toMatchObject({ code: '3006', name: 'restarts_used_up' });
    expect(alive()).toBe(0);
    const [one, two, three, four, five] = losses(await traceOnce(runner, (all) => losses(all).length >= 5));
    expect([one, two, three].map((loss) => loss?.pauseMs)).toEqual([0, 0, 0]);
    // A timer counts from when its loop last looked at the clock: it may fire a millisecond before its time.
    expect(four?.pauseMs).toBeGreaterThanOrEqual(Math.floor(BACKOFF_MS * (1 + (four?.jitter ?? 1))) - 2);
    expect(five?.pauseMs).toBeNull();
  });
});

describe('an open breaker', () => {
  test('closes by itself when the one start after its cool-down succeeds, and calls are served again', async () => {
    await running();
    expect(await call(runner, 'A01')).toMatchObject({ status: 'OK' });
    expect(viewOf()?.reason).toBeNull();
    const since = (all: readonly TraceRecord[]): string[] => {
      const states = walk(all, `package/${STATION}`);
      return states.slice(states.indexOf('Stopped.Cooling')).slice(0, 4);
    };
    const trial = ['Stopped.Cooling', 'Stopped.Requested', 'Stopped.Starting', 'Running'];
    expect(since(await traceOnce(runner, (all) => since(all).length === 4))).toEqual(trial);
  });

  test('stays open when that start fails: one try, and another cool-down', async () => {
    const mend = spoil(layout, STATION, CRASH_AT_ONCE);
    const before = walk(await traceOf(runner), `package/${STATION}`).length;
    const since = (all: readonly TraceRecord[]): string[] => walk(all, `package/${STATION}`).slice(before);
    await crash();
    const tried = (all: readonly TraceRecord[]): boolean =>
      since(all).filter((state) => state === 'Stopped.Cooling').length >= 3;
    const states = since(await traceOnce(runner, tried));
    const fallen = states.slice(states.indexOf('Stopped.Cooling')).filter((state) => state !== 'Stopped.Halting');
    const oneTry = ['Stopped.Requested', 'Stopped.Starting', 'Stopped.Recording', 'Stopped.Cooling'];
    expect(fallen.slice(0, 9)).toEqual(['Stopped.Cooling', ...oneTry, ...oneTry]);
    expect(viewOf()).toMatchObject({ state: 'Stopped', wanted: 'running', reason: { code: '3003' } });
    mend();
    await running();
  });

  test('is closed at once by a person, with a clean slate', async () => {
    const mend = spoil(layout, STATION, CRASH_AT_ONCE);
    await crash();
    await stopped();
    mend();
    await runner.start(STATION);
    const states = walk(
      await traceOnce(runner, (all) => walk(all, `package/${STATION}`).at(-1) === 'Running'),
      `package/${STATION}`,
    );
    expect(states.slice(-3)).toEqual(['Stopped.Requested', 'Stopped.Starting', 'Running']);
    expect(viewOf()).toMatchObject({ state: 'Running', reason: null });
    for (let loss = 1; loss <= 3; loss++) await crash();
    expect(await call(runner, 'A01')).toMatchObject({ status: 'OK' });
  });

  test('does not start anything that a person stopped', async () => {
    const mend = spoil(layout, STATION, CRASH_AT_ONCE);
    await crash();
    await stopped();
    await runner.stop(STATION, { force: true });
    mend();
    await new Promise((resolve) => setTimeout(resolve, COOLDOWN_MS + 200));
    expect(viewOf()).toMatchObject({ state: 'Stopped', wanted: 'stopped', reason: null });
    expect(alive()).toBe(0);
    await runner.start(STATION);
  });
});

test('the jitter of the pauses comes from the seed: the same seed gives the same pauses', async () => {
  const drawn: number[][] = [];
  for (const seed of [42, 42, 43]) {
    await runner.close();
    runner = await open(seed);
    await expect.poll(async () => (await call(runner, 'A01')).status).toBe('OK');
    for (let loss = 1; loss <= 3; loss++) await crash();
    const records = await traceOnce(runner, (all) => losses(all).length >= 3);
    drawn.push(losses(records).map(({ jitter }) => jitter));
  }
  expect(drawn[0]).toEqual(drawn[1]);
  expect(drawn[0]).not.toEqual(drawn[2]);
});
