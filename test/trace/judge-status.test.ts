import { describe, expect, it, test } from 'vitest';
import { judgeStatus } from '../../src/causes/index.js';
import type { ActorNow, HolderSeen, StatusFacts } from '../../src/causes/index.js';

/** The judgement alone, over what may be seen of a store. */
const NOW = Date.parse('2026-11-20T08:00:00Z');
const timings = { pingIntervalMs: 5_000, pongGraceMs: 2_000 };
const actor = (path: string, state: string, context: object = {}): ActorNow => ({
  ...{ actor: path, machine: path.split('/')[0] ?? '', state, context: { ...context } },
  sinceMs: NOW - 60_000,
  last: { atMs: NOW - 60_000, sentence: 'it moved', fault: null },
});
const route = actor('route/A01', 'Serving', { release: 'a@1', fault: null });
const running = actor('package/a@1', 'Running', { policy: { timings }, fault: null });
const HOLDER: HolderSeen = { osPid: 7, host: 'h', since: '2026-11-20T07:00:00Z', life: 'live', isStopped: false };
const working: StatusFacts = {
  nowMs: NOW,
  holder: HOLDER,
  run: { run: 'r', isOfHolder: true, isClosed: false, lastMs: NOW - 1_000 },
  actors: [route, running],
  routes: [{ pid: 'A01', release: 'old@1', activatedAt: null, fault: null }],
  problems: [],
};
const judged = (changes: Partial<StatusFacts>) => judgeStatus({ ...working, ...changes });

it('all is well where a Runner works and every PID is served; what the store says does not count', () => {
  expect(judged({})).toMatchObject({ ok: true, amiss: [], pids: [{ serving: 'a@1', bound: 'a@1', state: 'serving' }] });
});

test.each([
  ['Running.Restarting', 'a@1 is Running.Restarting: it takes no calls at the moment'],
  ['Executing.Draining', 'a@1 is Executing.Draining: it takes no calls at the moment'],
  ['Stopped.Idle', 'a@1 is Stopped.Idle: it was not started, or stopped'],
])('a PID whose release is %s is not served', (state, what) => {
  const { ok, pids } = judged({ actors: [route, actor('package/a@1', state)] });
  expect({ ok, ...pids[0] }).toMatchObject({ ok: false, serving: null, bound: 'a@1', state, amiss: what });
});

it('a faulted release is named by its fault, also where no PID is bound to it', () => {
  const fault = { code: '3006', message: 'it died too often.' };
  const broken = actor('package/a@1', 'Stopped.Idle', { fault });
  expect(judged({ actors: [route, broken] }).amiss).toMatchObject([
    { subject: 'A01', what: 'a@1 is Stopped.Idle: 3006 it died too often.' },
  ]);
  const other = actor('package/b@2', 'Stopped.Idle', { fault });
  expect(judged({ actors: [route, running, other] }).amiss).toMatchObject([
    { subject: 'b@2', next: ['trace', 'why', 'b@2'] },
  ]);
});

describe('the Runner', () => {
  const lifeOf = (changes: Partial<StatusFacts>) => judged(changes).runner.life;

  it('hangs when it is silent for longer than three pings take, and only where it has somebody to ping', () => {
    const run = { run: 'r', isOfHolder: true, isClosed: false, lastMs: NOW - 60_000 };
    expect(lifeOf({ run })).toBe('silent');
    expect(lifeOf({ run: { ...run, lastMs: NOW - 20_000 } })).toBe('working');
    expect(lifeOf({ run, actors: [route, actor('package/a@1', 'Stopped.Idle', { policy: { timings } })] })).toBe(
      'working',
    );
  });

  it('serves nothing while it is stopped or cannot be seen', () => {
    for (const seen of [{ isStopped: true }, { life: 'unknown' as const }]) {
      const { ok, pids, runner } = judged({ holder: { ...HOLDER, ...seen } });
      expect([ok, pids[0]?.serving, runner.life === 'working']).toEqual([false, null, false]);
    }
  });

  it('was killed where its run has no end, closed where it has one, never was where there is no run', () => {
    const dead = { holder: null, actors: null };
    const run = { run: 'r', isOfHolder: false, isClosed: false, lastMs: NOW };
    expect(lifeOf({ ...dead, run })).toBe('killed');
    expect(lifeOf({ ...dead, run: { ...run, isClosed: true } })).toBe('none');
    expect(lifeOf({ ...dead, run: null })).toBe('none');
    expect(judged({ ...dead, run }).pids).toMatchObject([
      { bound: 'old@1', serving: null, amiss: 'no Runner serves it' },
    ]);
  });
});
