import { describe, expect, test } from 'vitest';
import { fault } from '../../machines/index.js';
import {
  EXITED,
  GARBAGE,
  HELLO,
  aProcess,
  asked,
  executing,
  kill,
  lastReport,
  leave,
  ready,
} from '../support/machines/process-rig.js';

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

  test('told to hurry it is killed at once, whatever it is doing', () => {
    for (const rig of [aProcess(), aProcess().tell(HELLO), ready(), executing(), ready().send(leave)]) {
      expect(asked(rig.send(kill)).at(-1)).toBe('SIGKILL');
      expect(lastReport(rig.tell(EXITED))).toMatchObject({ type: 'process.ended', fault: null });
    }
  });

  test('told so twice it is killed once', () => {
    const rig = ready().send(kill).send(kill);
    expect(asked(rig).filter((command) => command === 'SIGKILL')).toHaveLength(1);
  });

  test('how it went out is added to why it had to go', () => {
    const why = fault('process_lost', 'It was killed.', { details: { signal: 'SIGKILL' } });
    const rig = ready().tell(GARBAGE).tell({ type: 'os.exited', fault: why, atMs: 0, jitter: 0 });
    expect(lastReport(rig)).toMatchObject({ fault: { name: 'protocol_fault', details: { signal: 'SIGKILL' } } });
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
