import { describe, expect, test } from 'vitest';
import { call, cancel, outcomes, running, start, stop, faultOf, aPackage } from '../support/machines/package-rig.js';
import type { Rig } from '../support/machines/rig.js';
import { BROKEN, storedAs } from '../support/machines/samples.js';

const expired = (callId: number) => ({ type: 'call.expired', callId }) as const;
const homed = (callId: number, home: number) => ({ ...call(callId), home });
const recovers = (rig: Rig, callId: number, place = 1): Rig =>
  rig.tell({ type: 'call.answered', callId, outcome: 'error', recoverable: true }, place);
const sent = (rig: Rig) => rig.commands.flatMap((command) => (command.type === 'call.send' ? [command.callId] : []));
const QUIET = { pingIntervalMs: 600_000, helloMs: 600_000 };

describe('a call that is tried again (contract §6)', () => {
  test('after a failure that another attempt may mend, as often as its budget allows; each attempt is told', () => {
    const rig = running({ retries: 2 }).send(call(1));
    for (let attempt = 0; attempt < 3; attempt++) recovers(rig, 1);
    expect(sent(rig)).toEqual([1, 1, 1]);
    expect(outcomes(rig)).toEqual([
      ['call.retried', 1, 'error'],
      ['call.retried', 1, 'error'],
      ['call.settled', 1, 'error'],
    ]);
  });

  test('by its own budget where it has one; 0 means dispatched at most once', () => {
    expect(outcomes(recovers(running({ retries: 2 }).send({ ...call(1), retries: 0 }), 1))).toEqual([
      ['call.settled', 1, 'error'],
    ]);
    expect(outcomes(recovers(running({ retries: 0 }).send({ ...call(1), retries: 1 }), 1))).toEqual([
      ['call.retried', 1, 'error'],
    ]);
  });

  test('not after any other error, nor a fatal one', () => {
    expect(outcomes(running({ retries: 2 }).send(call(1)).answersCall(1, 'error'))).toEqual([
      ['call.settled', 1, 'error'],
    ]);
    const fatal = running({ retries: 2 })
      .send(call(1))
      .tell({ type: 'call.answered', callId: 1, outcome: 'error', fatal: true });
    expect(outcomes(fatal)).toEqual([['call.settled', 1, 'error']]);
  });

  test('lost with its process, once the successor is ready', () => {
    const rig = running({ retries: 1 }).send(call(1)).crashes();
    expect([rig.state(), outcomes(rig)]).toEqual(['Running.Restarting', [['call.retried', 1, 'lost']]]);
    expect(outcomes(rig.getsReady().answersCall(1)).at(-1)).toEqual(['call.settled', 1, 'result']);
  });

  test('timed out, by another process only when the first has ended: never with two at a time', () => {
    const rig = running({ retries: 1, instances: 2, timings: QUIET }).send(call(1)).passes(30_000);
    expect([rig.state(), sent(rig)]).toEqual(['Running', [1]]);
    rig.crashes(1);
    expect([rig.state(), sent(rig)]).toEqual(['Executing', [1, 1]]);
    expect(outcomes(rig.answersCall(1, 'result', 2))).toEqual([
      ['call.retried', 1, 'timed_out'],
      ['call.settled', 1, 'result'],
    ]);
  });

  test('before those that wait already', () => {
    const rig = running({ retries: 1 }).send(call(1)).send(call(2));
    expect(sent(recovers(rig, 1))).toEqual([1, 1]);
  });

  test('given up meanwhile, it is not', () => {
    for (const [giveUp, outcome] of [
      [cancel(1), 'cancelled'],
      [expired(1), 'timed_out'],
    ] as const) {
      const rig = running({ retries: 2 }).send(call(1)).send(giveUp);
      expect(outcomes(recovers(rig, 1))).toEqual([
        ['call.settled', 1, outcome],
        ['call.freed', 1, undefined],
      ]);
    }
  });

  test('is cancelled by a stop, lost to a breaker that opens', () => {
    const stopped = running({ retries: 2 }).send(call(1)).crashes().send(stop);
    expect(outcomes(stopped).at(-1)).toEqual(['call.settled', 1, 'cancelled']);
    const given = running({ retries: 2, restart: { breakerLosses: 1 } })
      .send(call(1))
      .crashes();
    expect(outcomes(given).at(-1)).toEqual(['call.settled', 1, 'lost']);
  });

  test('is tried again also while the release drains, as far as processes are left', () => {
    const rig = recovers(running({ retries: 1 }).send(call(1)).send(stop), 1);
    expect([rig.state(), sent(rig)]).toEqual(['Executing.Draining', [1, 1]]);
    expect(rig.answersCall(1).state()).toBe('Running.Stopping');
  });

  test('is settled at once when the last process that could have served it leaves a draining release', () => {
    const rig = running({ retries: 1, instances: 2, timings: QUIET }).send(call(1)).passes(30_000).send(stop);
    rig.crashes(2);
    expect([rig.state(), outcomes(rig)]).toEqual(['Running.Stopping', [['call.retried', 1, 'timed_out'], ['call.settled', 1, 'cancelled']]]); // prettier-ignore
  });

  test('given up before or while the release drains, it keeps nobody waiting', () => {
    const overdue = (): Rig => running({ retries: 1, instances: 2, timings: QUIET }).send(call(1)).passes(30_000);
    expect(overdue().send(cancel(1)).send(stop).state()).toBe('Running.Stopping');
    const draining = overdue().send(stop);
    expect(draining.state()).toBe('Executing.Draining');
    expect(draining.send(cancel(1)).crashes(1).state()).toBe('Running.Stopping');
  });
});

describe('deadlines of a call', () => {
  test('waiting ends after its own time, whatever runs; each attempt waits anew', () => {
    const timings = { ...QUIET, waitMs: 5_000, executeMs: 90_000 };
    const rig = running({ timings }).send(call(1)).send(call(2)).passes(4_999);
    expect(outcomes(rig)).toEqual([]);
    expect(rig.passes(1).emitted).toMatchObject([
      { type: 'call.settled', callId: 2, outcome: 'timed_out', fault: { name: 'timeout' } },
    ]);
    const again = running({ timings, retries: 1 }).send(call(1)).passes(4_000).crashes().passes(4_999);
    expect(outcomes(again)).toEqual([['call.retried', 1, 'lost']]);
    expect(outcomes(again.passes(1)).at(-1)).toEqual(['call.settled', 1, 'timed_out']);
  });

  test('the total one settles it at once, waiting or running; a running one is freed by its answer', () => {
    const rig = running().send(call(1)).send(call(2)).send(expired(2)).send(expired(1));
    expect(outcomes(rig)).toEqual([
      ['call.settled', 2, 'timed_out'],
      ['call.settled', 1, 'timed_out'],
    ]);
    expect(outcomes(rig.answersCall(1)).at(-1)).toEqual(['call.freed', 1, undefined]);
  });

  test('one that passes too late changes nothing', () => {
    const rig = running().send(call(1)).answersCall(1).send(expired(1)).send(cancel(1));
    expect(outcomes(rig)).toEqual([['call.settled', 1, 'result']]);
  });

  test('a call that was dispatched in time leaves no timer', () => {
    const rig = running({ timings: QUIET }).send(call(1)).send(call(2)).answersCall(1);
    expect(rig.composition.timers.filter(({ id }) => id.startsWith('wait.'))).toEqual([]);
  });
});

describe('a call whose session lives in one process', () => {
  const pair = () => running({ instances: 2, queueLimit: 2, retries: 1, timings: QUIET });

  test('goes to that one, and waits for it while it is busy', () => {
    const rig = pair().send(homed(1, 1)).send(homed(2, 1));
    expect(sent(rig)).toEqual([1]);
    expect(sent(rig.answersCall(1, 'result', 2))).toEqual([1, 2]);
  });

  test('is refused when that is gone: the flow has ended', () => {
    for (const rig of [
      pair().crashes(2),
      running({ retries: 1 }).crashes(),
      aPackage({ stored: storedAs('Stopped') }).send(start),
    ])
      expect(rig.send(homed(1, 1)).emitted).toMatchObject([
        { type: 'call.refused', callId: 1, fault: { name: 'flow_ended' } },
      ]);
  });

  test('is not tried again when its process is lost, and those that wait for it are lost with it', () => {
    const rig = pair().send(homed(1, 1)).send(homed(2, 1)).crashes(2);
    expect(rig.emitted).toMatchObject([
      { type: 'call.settled', callId: 1, outcome: 'lost' },
      { type: 'call.settled', callId: 2, outcome: 'lost', fault: { name: 'flow_ended' } },
    ]);
  });

  test('is tried again where its process stays', () => {
    expect(sent(recovers(pair().send(homed(1, 1)), 1, 2))).toEqual([1, 1]);
  });
});

describe('a breaker that may close again', () => {
  const restart = { immediateRestarts: 0, breakerLosses: 1, cooldownMs: 5_000 };
  const open = () => running({ restart, timings: QUIET }).crashes().done('recordRest');

  test('cools down with its fault, then tries one start', () => {
    const rig = open();
    expect([rig.state(), faultOf(rig)?.name]).toEqual(['Stopped.Cooling', 'restarts_used_up']);
    rig.passes(5_000).done('recordRest').getsReady();
    expect([rig.state(), faultOf(rig)]).toEqual(['Running', null]);
  });

  test('one loss of the trial opens it again, whatever the policy allows otherwise', () => {
    const rig = running({ restart: { ...restart, immediateRestarts: 3, breakerLosses: 2 }, timings: QUIET });
    rig.crashes().crashes().done('recordRest').passes(5_000).done('recordRest').crashes();
    expect([rig.state(), rig.done('recordRest').state()]).toEqual(['Stopped.Recording', 'Stopped.Cooling']);
  });

  test('a person closes it at once, or keeps it open for good', () => {
    expect(open().send(start).state()).toBe('Stopped.Requested');
    expect(open().send(stop).done('recordRest').passes(60_000).state()).toBe('Stopped.Idle');
  });

  test('without a cool-down only a person does', () => {
    const rig = running({ restart: { ...restart, cooldownMs: null }, timings: QUIET })
      .crashes()
      .done('recordRest');
    expect(rig.passes(600_000).state()).toBe('Stopped.Idle');
  });

  test('cools down even if its rest cannot be recorded', () => {
    const rig = running({ restart, timings: QUIET }).crashes().fails('recordRest', BROKEN);
    expect(rig.state()).toBe('Stopped.Cooling');
  });
});
