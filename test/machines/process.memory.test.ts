import { describe, expect, test } from 'vitest';
import {
  EXITED,
  GARBAGE,
  PONG,
  aProcess,
  answered,
  asked,
  executing,
  kill,
  lastReport,
  leave,
  ready,
  sample,
} from '../support/machines/process-rig.js';
import type { Rig } from '../support/machines/rig.js';

const LIMITS = { replaceBytes: 200, killBytes: 300 };
const PATIENT = { pingIntervalMs: 5_000, pongGraceMs: 2_000, executeMs: 60_000 };
const takes = (residentBytes: number) => sample(50, residentBytes);
const outgrown = (): Rig => executing(PATIENT, LIMITS).tell(takes(201));
const memoryExceeded = {
  name: 'memory_exceeded',
  details: { resident_bytes: 201, replace_bytes: 200, kill_bytes: 300 },
};

describe('a process that takes more memory than it may', () => {
  test('at rest it is replaced: asked to leave, and told by name', () => {
    const rig = ready({}, LIMITS).tell(takes(201));
    expect(rig.state()).toBe('Stopping');
    expect(asked(rig).at(-1)).toBe('shutdown.send');
    expect(lastReport(rig)).toMatchObject({ type: 'process.leaving', slot: 0, fault: memoryExceeded });
    expect(lastReport(rig.tell(EXITED))).toMatchObject({ type: 'process.ended', fault: memoryExceeded });
  });

  test('in a call it is replaced once the call is done', () => {
    const rig = outgrown();
    expect(rig.state()).toBe('Executing.Outgrown');
    expect(asked(rig).at(-1)).toBe('call.send');
    expect(rig.tell(answered(1)).state()).toBe('Stopping');
    expect(lastReport(rig)).toMatchObject({ type: 'call.settled', outcome: 'result', leaving: true });
    expect(lastReport(rig.tell(EXITED))).toMatchObject({ type: 'process.ended', fault: memoryExceeded });
  });

  test('an answer that another attempt may mend is told so, and it leaves all the same', () => {
    const rig = outgrown().tell({ type: 'call.answered', callId: 1, outcome: 'error', recoverable: true });
    expect(rig.state()).toBe('Stopping');
    expect(lastReport(rig)).toMatchObject({ type: 'call.failed', outcome: 'error', leaving: true });
  });

  test('above the hard limit it is killed at once, at rest and in a call', () => {
    const atRest = ready({}, LIMITS).tell(takes(301));
    expect([asked(atRest).at(-1), lastReport(atRest)]).toMatchObject(['SIGKILL', { type: 'process.leaving' }]);
    for (const begin of [
      executing(PATIENT, LIMITS),
      outgrown(),
      executing(PATIENT, LIMITS).passes(7_000),
      executing(PATIENT, LIMITS).tell(sample(0)),
    ]) {
      const rig = begin.tell(takes(301));
      expect(asked(rig).at(-1)).toBe('SIGKILL');
      expect(lastReport(rig)).toMatchObject({
        type: 'call.failed',
        outcome: 'lost',
        leaving: true,
        fault: { name: 'memory_exceeded' },
      });
    }
  });

  test('exactly at a limit it stays', () => {
    expect(ready({}, LIMITS).tell(takes(200)).state()).toBe('Running');
    expect(outgrown().tell(takes(300)).state()).toBe('Executing.Outgrown');
  });

  test('without limits nothing follows from what it takes', () => {
    expect(ready().tell(takes(1e12)).state()).toBe('Running');
    expect(executing().tell(takes(1e12)).state()).toBe('Executing');
  });

  test('before it is ready, and on its way out, nobody looks', () => {
    expect(aProcess({}, LIMITS).tell(takes(301)).state()).toBe('Starting');
    expect(ready({}, LIMITS).send(leave).tell(takes(301)).state()).toBe('Stopping');
  });

  test('one that is to be replaced is judged by its call alone: pings go on, misses do not matter', () => {
    const rig = outgrown().passes(20_000).tell(PONG);
    expect(rig.state()).toBe('Executing.Outgrown');
    expect(rig.passes(PATIENT.executeMs - 20_000).state()).toBe('Killing');
    expect(lastReport(rig)).toMatchObject({ outcome: 'timed_out' });
  });

  test('an exit, garbage, a stop and a kill end it as they end any call', () => {
    expect(outgrown().tell(EXITED).reports.at(-2)).toMatchObject({ type: 'call.failed', outcome: 'lost' });
    expect(lastReport(outgrown().tell(GARBAGE))).toMatchObject({ type: 'call.failed', outcome: 'lost' });
    expect(lastReport(outgrown().send(leave))).toMatchObject({ type: 'call.settled', outcome: 'cancelled' });
    expect(lastReport(outgrown().send(kill))).toMatchObject({ type: 'call.settled', outcome: 'cancelled' });
  });
});
