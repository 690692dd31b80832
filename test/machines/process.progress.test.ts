import { describe, expect, test } from 'vitest';
import { DEFAULT_TIMINGS } from '../../machines/index.js';
import {
  EXITED,
  GARBAGE,
  PONG,
  answered,
  asked,
  executing,
  kill,
  lastReport,
  leave,
  sample,
} from '../support/machines/process-rig.js';
import type { Rig } from '../support/machines/rig.js';

/** Long enough a call for heartbeats to be missed in it. */
const PATIENT = { pingIntervalMs: 5_000, pongGraceMs: 2_000, executeMs: 60_000 };
const unresponsive = (): Rig => executing(PATIENT).passes(7_000);
const stalled = (): Rig => executing(PATIENT).tell(sample(0));

describe('a call that makes no progress', () => {
  test('pongs missed make the process unresponsive, one that comes makes it executing again', () => {
    const rig = unresponsive();
    expect(rig.state()).toBe('Executing.Unresponsive');
    expect(rig.tell(PONG).state()).toBe('Executing');
  });

  test('no CPU over a whole interval while it answers pings makes it stalled, some makes it executing again', () => {
    const rig = stalled();
    expect(rig.state()).toBe('Executing.Stalled');
    expect(rig.tell(sample(0.4)).state()).toBe('Executing.Stalled');
    expect(rig.tell(sample(3)).state()).toBe('Executing');
  });

  test('a busy process is never stalled, nor one whose call began within the interval', () => {
    expect(executing(PATIENT).tell(sample(100)).state()).toBe('Executing');
    expect(
      executing(PATIENT)
        .tell(sample(0, 0, 0))
        .state(),
    ).toBe('Executing');
  });

  test('a stalled process that stops answering pings too is unresponsive', () => {
    expect(stalled().passes(7_000).state()).toBe('Executing.Unresponsive');
  });

  test('what it uses of the CPU does not matter while it does not answer', () => {
    expect(unresponsive().tell(sample(0)).tell(sample(100)).state()).toBe('Executing.Unresponsive');
  });

  test('nothing but the deadline of its call ends it: slow and hung differ only in time', () => {
    for (const rig of [unresponsive(), stalled()]) {
      rig.passes(PATIENT.executeMs - rig.composition.nowMs - 1);
      expect(asked(rig)).not.toContain('SIGKILL');
      rig.passes(1);
      expect(lastReport(rig)).toMatchObject({ type: 'call.failed', outcome: 'timed_out' });
      expect(asked(rig).at(-1)).toBe('SIGKILL');
    }
  });

  test('a late result is a result', () => {
    for (const rig of [unresponsive(), stalled()]) {
      expect(rig.tell(answered(1)).state()).toBe('Running');
      expect(lastReport(rig)).toEqual({ type: 'call.settled', slot: 0, callId: 1, outcome: 'result' });
    }
  });

  test('an answer that another attempt may mend, and a fatal one, are what they are elsewhere', () => {
    for (const begin of [unresponsive, stalled]) {
      const again = begin().tell({ type: 'call.answered', callId: 1, outcome: 'error', recoverable: true });
      expect([again.state(), lastReport(again)]).toMatchObject(['Running', { type: 'call.failed', outcome: 'error' }]);
      const fatal = begin().tell({ type: 'call.answered', callId: 1, outcome: 'error', fatal: true });
      expect([fatal.state(), lastReport(fatal)]).toMatchObject(['Stopping', { type: 'call.settled', leaving: true }]);
    }
  });

  test('an exit, garbage, a stop and a kill end it as they end any call', () => {
    for (const begin of [unresponsive, stalled]) {
      expect(begin().tell(EXITED).reports.at(-2)).toMatchObject({
        type: 'call.failed',
        outcome: 'lost',
        leaving: true,
      });
      expect(lastReport(begin().tell(GARBAGE))).toMatchObject({ type: 'call.failed', outcome: 'lost', leaving: true });
      expect(lastReport(begin().send(leave))).toMatchObject({ type: 'call.settled', outcome: 'cancelled' });
      expect(asked(begin().send(kill)).at(-1)).toBe('SIGKILL');
    }
  });

  test('pings go on while it is stalled', () => {
    const pings = (rig: Rig) => asked(rig).filter((command) => command === 'ping.send').length;
    const rig = stalled().passes(PATIENT.pingIntervalMs);
    expect(pings(rig)).toBe(1);
    expect(pings(rig.tell(PONG).passes(PATIENT.pingIntervalMs))).toBe(2);
    expect(rig.state()).toBe('Executing.Stalled');
  });

  test('at rest an idle process is not stalled', () => {
    const rig = executing(PATIENT)
      .tell(answered(1))
      .tell(sample(0, 0, 0));
    expect(rig.state()).toBe('Running');
  });

  test('by default a look is taken every five seconds', () => {
    expect(DEFAULT_TIMINGS.watchMs).toBe(5_000);
  });
});
