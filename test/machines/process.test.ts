import { describe, expect, test } from 'vitest';
import { fault } from '../../machines/index.js';
import {
  EXITED,
  GARBAGE,
  HELLO,
  PONG,
  aProcess,
  answered,
  dispatched,
  executing,
  leave,
  ready,
} from '../support/machines/process-rig.js';
import type { Rig } from '../support/machines/rig.js';

const asked = (rig: Rig) => rig.commands.map((command) => ('signal' in command ? command.signal : command.type));
/** A regular expression alone would match anything here. */
const matching = (text: RegExp) => expect.stringMatching(text) as unknown as string;
const lastReport = (rig: Rig) => rig.reports.at(-1);

describe('the handshake (contract §4)', () => {
  test("the Runner's hello follows the algorithm's at once, then info is asked for", () => {
    expect(asked(aProcess().tell(HELLO))).toEqual(['hello.send', 'info.send']);
  });

  test('an info that agrees makes it ready', () => {
    const rig = aProcess().tell(HELLO).tell({ type: 'info.received', mismatches: [] });
    expect(rig.state()).toBe('Running');
    expect(rig.reports).toEqual([{ type: 'process.ready', slot: 0 }]);
  });

  test('where info is not announced a pong makes it ready', () => {
    const rig = aProcess().tell({ ...HELLO, announcesInfo: false });
    expect(asked(rig)).toEqual(['hello.send', 'ping.send']);
    expect(rig.tell(PONG).state()).toBe('Running');
  });

  test('where info is announced a pong does not', () => {
    expect(aProcess().tell(HELLO).tell(PONG).state()).toBe('Confirming');
  });

  test('a hello without a protocol version is taken as ours', () => {
    expect(
      aProcess()
        .tell({ ...HELLO, protocol: null, sdkVersion: null })
        .state(),
    ).toBe('Confirming');
  });

  test('a protocol we do not speak is refused by its own fault', () => {
    const rig = aProcess()
      .tell({ ...HELLO, protocol: 2 })
      .tell(EXITED);
    expect(asked(rig)).toEqual(['shutdown.send']);
    expect(lastReport(rig)).toMatchObject({ type: 'process.ended', fault: { name: 'protocol_unsupported' } });
  });

  test('an info that disagrees is refused, naming what', () => {
    const rig = aProcess()
      .tell(HELLO)
      .tell({ type: 'info.received', mismatches: ['version'] })
      .tell(EXITED);
    expect(lastReport(rig)).toMatchObject({ fault: { name: 'info_mismatch', details: { mismatches: ['version'] } } });
  });

  test('an error frame before it is ready is a failed start with its message', () => {
    const raised = fault('algorithm_error', 'setup() raised: no GPU.');
    for (const hello of [[], [HELLO]]) {
      const rig = hello.reduce((soFar, event) => soFar.tell(event), aProcess());
      rig.tell({ type: 'start.refused', fault: raised });
      expect(rig.state()).toBe('Stopping');
      expect(lastReport(rig.tell(EXITED))).toMatchObject({ type: 'process.ended', fault: raised });
    }
  });

  test('an exit before it is ready is a failed start that quotes the exit', () => {
    for (const rig of [aProcess(), aProcess().tell(HELLO)])
      expect(lastReport(rig.tell(EXITED))).toMatchObject({
        fault: { name: 'start_failed', message: matching(/Code 1\./) },
      });
  });

  test('without a hello it is killed exactly at its deadline', () => {
    const rig = aProcess({ helloMs: 30_000 }).passes(29_999);
    expect(rig.state()).toBe('Starting');
    expect(asked(rig.passes(1))).toEqual(['SIGKILL']);
    expect(lastReport(rig.tell(EXITED))).toMatchObject({
      fault: { name: 'start_failed', message: matching(/hello within 30000 ms/) },
    });
  });

  test('without a confirmation it is killed exactly at its deadline', () => {
    const rig = aProcess({ confirmMs: 10_000 }).tell(HELLO).passes(9_999);
    expect(rig.state()).toBe('Confirming');
    expect(asked(rig.passes(1))).toContain('SIGKILL');
    expect(lastReport(rig.tell(EXITED))).toMatchObject({
      fault: { name: 'start_failed', message: matching(/10000 ms/) },
    });
  });

  test('garbage instead of frames is a protocol fault', () => {
    for (const rig of [aProcess(), aProcess().tell(HELLO)]) {
      expect(asked(rig.tell(GARBAGE))).toContain('SIGKILL');
      expect(lastReport(rig.tell(EXITED))).toMatchObject({ fault: { name: 'protocol_fault' } });
    }
  });
});

describe('a call (contract §5, §6)', () => {
  test('goes out at once and settles by its answer', () => {
    const rig = executing();
    expect(rig.commands.at(-1)).toEqual({ type: 'call.send', callId: 1 });
    expect(rig.tell(answered(1)).state()).toBe('Running');
    expect(lastReport(rig)).toEqual({ type: 'call.settled', slot: 0, callId: 1, outcome: 'result' });
  });

  test('an answer to another call is dropped', () => {
    const rig = executing().tell(answered(7));
    expect(rig.state()).toBe('Executing');
    expect(rig.reports).toHaveLength(1);
  });

  test('an overdue call settles as timed out and the process is killed', () => {
    const rig = executing({ executeMs: 30_000 }).passes(30_000);
    expect(lastReport(rig)).toMatchObject({ outcome: 'timed_out', leaving: true, fault: { name: 'timeout' } });
    expect(asked(rig)).toContain('SIGKILL');
    expect(lastReport(rig.tell(EXITED))).toMatchObject({ type: 'process.ended', fault: { name: 'timeout' } });
  });

  test('a fatal answer settles as it is and the process is replaced', () => {
    const rig = executing().tell({ type: 'call.answered', callId: 1, outcome: 'error', fatal: true });
    expect(lastReport(rig)).toMatchObject({ outcome: 'error', leaving: true });
    expect(asked(rig).at(-1)).toBe('shutdown.send');
    expect(lastReport(rig.tell(EXITED))).toMatchObject({
      fault: { name: 'process_lost', message: matching(/FatalError/) },
    });
  });

  test('a process that dies in a call loses it', () => {
    const rig = executing().tell(EXITED);
    expect(rig.reports.slice(-2)).toMatchObject([
      { type: 'call.settled', callId: 1, outcome: 'lost', leaving: true },
      { type: 'process.ended', fault: { name: 'process_lost' }, atMs: 70, jitter: 0.5 },
    ]);
  });

  test('garbage in a call loses it and kills the process', () => {
    const rig = executing().tell(GARBAGE);
    expect(lastReport(rig)).toMatchObject({ outcome: 'lost', leaving: true, fault: { name: 'protocol_fault' } });
    expect(asked(rig).at(-1)).toBe('SIGKILL');
  });

  test('a process asked to leave in a call cancels it', () => {
    const rig = executing().send(leave);
    expect(lastReport(rig)).toMatchObject({ outcome: 'cancelled', leaving: true, fault: { name: 'call_cancelled' } });
    expect(lastReport(rig.tell(answered(1)).tell(EXITED))).toMatchObject({ type: 'process.ended', fault: null });
  });

  test('a call that reaches a process on its way out is lost, not dropped', () => {
    for (const rig of [ready().send(leave), ready().send(leave).passes(3_000), ready().tell(GARBAGE)]) {
      rig.send(dispatched(5));
      expect(lastReport(rig)).toMatchObject({ type: 'call.settled', callId: 5, outcome: 'lost', leaving: true });
      expect(rig.breaches).toEqual([]);
    }
  });
});

describe('the heartbeat (contract §5)', () => {
  const quiet = { pingIntervalMs: 5_000, pongGraceMs: 2_000, executeMs: 60_000 };

  test('at rest the first missed pong is a warning, the second in a row ends the process', () => {
    const rig = ready(quiet).passes(5_000 + 2_000);
    expect(rig.state()).toBe('Running');
    expect(asked(rig).slice(-2)).toEqual(['ping.send', 'ping.send']);
    rig.passes(2_000);
    expect(rig.state()).toBe('Killing');
    expect(rig.reports.slice(1)).toEqual([{ type: 'process.leaving', slot: 0 }]);
    expect(lastReport(rig.tell(EXITED))).toMatchObject({ type: 'process.ended', fault: { name: 'timeout' } });
  });

  test('a pong in between forgives the first miss', () => {
    const rig = ready(quiet).passes(7_000).tell(PONG).passes(7_000);
    expect(rig.state()).toBe('Running');
  });

  test('in a call pings go on, and misses never end it', () => {
    const rig = executing(quiet).passes(50_000);
    expect(rig.state()).toBe('Executing');
    expect(asked(rig).filter((command) => command === 'ping.send').length).toBeGreaterThan(20);
    expect(rig.tell(answered(1)).state()).toBe('Running');
  });

  test('misses in a call do not count at rest', () => {
    const rig = executing(quiet).passes(20_000).tell(answered(1)).passes(2_000);
    expect(rig.state()).toBe('Running');
    expect(rig.passes(2_000).state()).toBe('Killing');
  });

  test('a pong in a call is a sign of life', () => {
    const rig = executing(quiet).passes(8_000).tell(PONG);
    expect(rig.state('heartbeat')).toBe('Resting');
    expect(rig.state()).toBe('Executing');
  });
});

describe('the way out (contract §5)', () => {
  test('shutdown, then SIGTERM, then SIGKILL, each after its time', () => {
    const rig = ready({ shutdownMs: 3_000, terminateMs: 3_000 }).send(leave);
    const sent = () => asked(rig).slice(2);
    expect(sent()).toEqual(['shutdown.send']);
    rig.passes(2_999);
    expect(sent()).toEqual(['shutdown.send']);
    rig.passes(1);
    expect(sent()).toEqual(['shutdown.send', 'SIGTERM']);
    rig.passes(3_000);
    expect(sent()).toEqual(['shutdown.send', 'SIGTERM', 'SIGKILL']);
  });

  test('an acknowledgement alone is no exit', () => {
    const rig = ready().send(leave).tell({ type: 'shutdown.acknowledged' });
    expect(rig.state()).toBe('Stopping');
    expect(asked(rig.passes(3_000)).at(-1)).toBe('SIGTERM');
  });

  test('whenever it exits on the way, it left in good order', () => {
    for (const ms of [0, 3_000, 6_000]) {
      const rig = ready().send(leave).passes(ms).tell(EXITED);
      expect(rig.state()).toBe('Stopped');
      expect(lastReport(rig)).toEqual({ type: 'process.ended', slot: 0, fault: null, atMs: 70, jitter: 0.5 });
    }
  });

  test('asked before it was ready, it leaves too', () => {
    for (const rig of [aProcess(), aProcess().tell(HELLO)]) expect(rig.send(leave).state()).toBe('Stopping');
  });

  test('garbage on the way out is answered by SIGKILL, and changes no reason', () => {
    for (const rig of [ready().send(leave), ready().send(leave).passes(3_000), ready().send(leave).passes(6_000)]) {
      expect(asked(rig.tell(GARBAGE)).at(-1)).toBe('SIGKILL');
      expect(lastReport(rig.tell(EXITED))).toMatchObject({ fault: null });
    }
  });

  test('a process that not even SIGKILL ends is written off', () => {
    const rig = ready({ reapMs: 5_000 }).tell(GARBAGE).passes(5_000);
    expect(rig.commands.at(-1)).toEqual({ type: 'group.abandon' });
    expect(rig.state()).toBe('Killing');
    expect(lastReport(rig.tell(EXITED))).toMatchObject({
      type: 'process.ended',
      fault: { name: 'protocol_fault' },
      atMs: 70,
    });
  });

  test('an exit at rest is a loss, and says so once', () => {
    const rig = ready().tell(EXITED);
    expect(rig.reports.slice(1)).toMatchObject([{ type: 'process.ended', fault: { name: 'process_lost' } }]);
  });

  test("once it is gone no timer of its is left but the heartbeat's, which its package takes away", () => {
    const rig = executing().tell(EXITED);
    expect(rig.composition.timers.map(({ owner }) => owner.path)).toEqual(['heartbeat']);
  });
});
