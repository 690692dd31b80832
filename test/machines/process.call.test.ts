import { describe, expect, test } from 'vitest';
import {
  EXITED,
  GARBAGE,
  answered,
  asked,
  dispatched,
  executing,
  lastReport,
  leave,
  matching,
  ready,
} from '../support/machines/process-rig.js';

describe('a call (contract §5, §6)', () => {
  test('goes out at once and settles by its answer', () => {
    const rig = executing();
    expect(rig.commands.at(-1)).toEqual({ type: 'call.send', callId: 1 });
    expect(rig.tell(answered(1)).state()).toBe('Running');
    expect(lastReport(rig)).toEqual({ type: 'call.settled', slot: 0, callId: 1, outcome: 'result' });
  });

  test('an answer that another attempt may mend is told as a failure, and the process stays', () => {
    const rig = executing().tell({ type: 'call.answered', callId: 1, outcome: 'error', recoverable: true });
    expect(lastReport(rig)).toEqual({ type: 'call.failed', slot: 0, callId: 1, outcome: 'error' });
    expect(rig.state()).toBe('Running');
  });

  test('an answer to another call is dropped', () => {
    const rig = executing().tell(answered(7));
    expect(rig.state()).toBe('Executing');
    expect(rig.reports).toHaveLength(1);
  });

  test('an overdue call settles as timed out and the process is killed', () => {
    const rig = executing({ executeMs: 30_000 }).passes(30_000);
    expect(lastReport(rig)).toMatchObject({
      type: 'call.failed',
      outcome: 'timed_out',
      leaving: true,
      fault: { name: 'timeout' },
    });
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

  describe('that fails, where processes are replaced after two failures in a row', () => {
    const failed = { type: 'call.answered', callId: 1, outcome: 'error', failed: true } as const;
    const recoverable = { type: 'call.answered', callId: 1, outcome: 'error', recoverable: true } as const;
    const twice = (first: typeof failed | typeof recoverable | null) => {
      const rig = executing({}, {}, 2);
      if (first !== null) rig.tell(first).send(dispatched(1));
      return rig;
    };

    test.each([[failed], [recoverable]])('once, it stays: %j', (answer) => {
      expect(twice(null).tell(answer).state()).toBe('Running');
    });

    test.each([
      [failed, failed],
      [failed, recoverable],
      [recoverable, failed],
    ])('twice, it settles as it is and the process is replaced: %j, %j', (first, second) => {
      const rig = twice(first).tell(second);
      expect(lastReport(rig)).toMatchObject({ outcome: 'error', leaving: true });
      expect(asked(rig).at(-1)).toBe('shutdown.send');
      expect(lastReport(rig.tell(EXITED))).toMatchObject({
        fault: { name: 'process_lost', message: matching(/failed 2 calls in a row/) },
      });
    });

    test('with a pre that worked in between, the process is replaced: it often works where execute does not', () => {
      const rig = twice(failed);
      rig
        .tell({ type: 'call.answered', callId: 1, outcome: 'result', prepared: true })
        .send(dispatched(1))
        .tell(failed);
      expect(asked(rig).at(-1)).toBe('shutdown.send');
    });

    test('and works in between, it stays', () => {
      const rig = twice(failed).tell(answered(1)).send(dispatched(1)).tell(failed);
      expect(rig.state()).toBe('Running');
    });

    test('for what its caller asked, it stays', () => {
      const rig = twice(failed).tell({ type: 'call.answered', callId: 1, outcome: 'error' });
      expect(rig.state()).toBe('Running');
    });

    test('without such a policy, it stays however often', () => {
      const rig = executing();
      for (let calls = 0; calls < 20; calls++) rig.tell(failed).send(dispatched(1));
      expect(rig.state()).toBe('Executing');
    });
  });

  test('a process that dies in a call loses it', () => {
    const rig = executing().tell(EXITED);
    expect(rig.reports.slice(-2)).toMatchObject([
      { type: 'call.failed', callId: 1, outcome: 'lost', leaving: true },
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
      expect(lastReport(rig)).toMatchObject({ type: 'call.failed', callId: 5, outcome: 'lost', leaving: true });
      expect(asked(rig)).not.toContain('call.send');
    }
  });
});
