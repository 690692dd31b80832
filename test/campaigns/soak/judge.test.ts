import { describe, expect, test } from 'vitest';
import type { Evidence } from './judge/evidence.js';
import { judge } from './judge/judge.js';
import { failuresOf } from './judge/report.js';
import { plantInCalls } from './plants.js';
import { algorithm, attempt, call, dispatch, end, evidence, operation, RELEASE } from './support/evidence.js';

/** The kinds of finding a piece of evidence gives. */
const found = (given: Evidence): readonly string[] =>
  Object.entries(judge(given).findings).flatMap(([name, cases]: [string, readonly string[]]) =>
    cases.length > 0 ? [name] : [],
  );
const KILL = { atMs: 15, id: 'iris@1.0.0_102_1', osPid: 102, release: RELEASE };
/** A call whose process was killed in the middle of it. */
const killed = (over: Parameters<typeof call>[0] = {}) => ({
  calls: [call({ ends: [end({ outcome: 'lost', faultName: 'process_lost' })], ...over })],
  processes: [algorithm({ left: false, attempts: [attempt({ replied: null, lastSignMs: 14 })] })],
  kills: [KILL],
});

test('ledgers that agree give no finding', () => {
  expect(found(evidence())).toEqual([]);
  expect(judge(evidence()).counts).toMatchObject({ calls: 1, results: 1, lost: 0, kills: 0, retried: 0 });
});

describe('a call is unaccounted', () => {
  test('when it was accepted and came to no end', () => {
    const lost = plantInCalls([call({ number: 7 }), call()], ['lost_call']);
    expect(lost.map(({ ends }) => ends.length)).toEqual([1, 0]);
    expect(found(evidence({ calls: [call({ ends: [] })] }))).toEqual(['unaccounted']);
  });

  test('when it has a result that no process gave', () => {
    expect(found(evidence({ processes: [algorithm({ attempts: [] })] }))).toEqual(['unaccounted']);
    expect(found(evidence({ processes: [algorithm({ attempts: [attempt({ replied: 'ERROR' })] })] }))).toEqual([
      'unaccounted',
    ]);
  });

  test('when the result is of a release whose processes never saw it', () => {
    expect(found(evidence({ processes: [algorithm({ release: 'iris@2.0.0' })] }))).toContain('unaccounted');
  });

  test('when it timed out without having been sent to a process', () => {
    const calls = [call({ misdeed: 'hang', retries: 0, ends: [end({ outcome: 'timed_out', failedAttempts: 0 })] })];
    expect(found(evidence({ calls, processes: [], sent: [] }))).toContain('unaccounted');
  });

  test('when it was refused and worked at all the same', () => {
    const refusal = end({ outcome: 'refused', faultName: 'queue_full', callId: null, release: null });
    expect(found(evidence({ calls: [call({ ends: [refusal] })] }))).toContain('unaccounted');
  });

  test('when a process worked at it more often than the trace has it sent', () => {
    const twice = [attempt({ lastSignMs: 12, replied: null }), attempt({ beganMs: 13 })];
    expect(found(evidence({ processes: [algorithm({ attempts: twice })] }))).toEqual(['unaccounted']);
  });

  test('when its result speaks of other attempts than the trace', () => {
    expect(found(evidence({ calls: [call({ ends: [end({ failedAttempts: 1 })] })] }))).toEqual(['unaccounted']);
  });

  test('when nobody made it', () => {
    expect(found(evidence({ calls: [], requested: [] }))).toEqual(['unaccounted']);
    expect(found(evidence({ requested: [1, 2] }))).toEqual(['unaccounted']);
  });
});

describe('a call is duplicated', () => {
  test('when it came to two ends', () => {
    const calls = plantInCalls([call()], ['double_reply']);
    expect(found(evidence({ calls }))).toEqual(['duplicated']);
  });

  test('when it was sent out more often than its retries allow', () => {
    const sent = [dispatch(), dispatch({ at: 7, endedAt: 8 })];
    const calls = (retries: number) => [call({ retries, ends: [end({ failedAttempts: 1 })] })];
    expect(found(evidence({ calls: calls(0), sent }))).toEqual(['duplicated']);
    expect(found(evidence({ calls: calls(1), sent }))).toEqual([]);
  });

  test('when two processes worked at it at a time', () => {
    const sent = [dispatch(), dispatch({ osPid: 200, at: 7, endedAt: 8 })];
    const calls = [call({ ends: [end({ failedAttempts: 1 })] })];
    const second = (beganMs: number) =>
      algorithm({ id: 'other', osPid: 202, lineage: [202, 200], attempts: [attempt({ beganMs })] });
    const first = algorithm({ attempts: [attempt({ lastSignMs: 14, replied: null })] });
    expect(found(evidence({ calls, sent, processes: [first, second(13)] }))).toEqual(['duplicated']);
    expect(found(evidence({ calls, sent, processes: [first, second(15)] }))).toEqual([]);
  });

  test('when it was sent out while it was still out', () => {
    const sent = [dispatch({ endedAt: 9 }), dispatch({ at: 7, endedAt: 8 })];
    expect(found(evidence({ calls: [call({ ends: [end({ failedAttempts: 1 })] })], sent }))).toEqual(['duplicated']);
  });
});

describe('a failure has a cause', () => {
  test('when the process was killed in every attempt allowed', () => {
    expect(found(evidence(killed({ retries: 0 })))).toEqual([]);
    expect(judge(evidence(killed({ retries: 0 }))).counts).toMatchObject({ lost: 1, kills: 1, kills_in_flight: 1 });
  });

  test('but not when another process had its number', () => {
    const kills = [{ ...KILL, id: 'iris@1.0.0_102_0' }];
    expect(found(evidence({ ...killed({ retries: 0 }), kills }))).toEqual(['errors_unexplained']);
  });

  test('but not when it might have been tried again', () => {
    expect(found(evidence(killed({ retries: 1 })))).toEqual(['given_up_early']);
  });

  test('when it was planted in the call, the release, or is what the caller wanted', () => {
    const ended = (outcome: 'error' | 'timed_out' | 'cancelled') => [end({ outcome })];
    const answered = [algorithm({ attempts: [attempt({ replied: 'ERROR' })] })];
    const error = call({ misdeed: 'error', ends: ended('error') });
    expect(found(evidence({ calls: [error], processes: answered }))).toEqual([]);
    expect(found(evidence({ calls: [call({ misdeed: 'hang', retries: 0, ends: ended('timed_out') })] }))).toEqual([]);
    expect(found(evidence({ calls: [call({ misdeed: 'cancel', ends: ended('cancelled') })] }))).toEqual([]);
    const ill = 'iris@3.5.0-faulty';
    const calls = [call({ release: ill, ends: [end({ outcome: 'error', release: ill })] })];
    const processes = [algorithm({ release: ill, attempts: [attempt({ replied: 'ERROR' })] })];
    expect(found(evidence({ calls, processes, sent: [dispatch({ release: ill })] }))).toEqual([]);
  });

  test('when it was to fail in every attempt, and every attempt was made', () => {
    const calls = (retries: number) => [call({ misdeed: 'fail', retries, ends: [end({ outcome: 'error' })] })];
    const processes = [algorithm({ attempts: [attempt({ replied: 'ERROR' })] })];
    expect(found(evidence({ calls: calls(0), processes }))).toEqual([]);
    expect(found(evidence({ calls: calls(1), processes }))).toEqual(['errors_unexplained']);
  });

  test('but not when only its first attempt was to fail', () => {
    const calls = [
      call({ misdeed: 'hang once', retries: 1, ends: [end({ outcome: 'timed_out', failedAttempts: 1 })] }),
    ];
    const sent = [dispatch(), dispatch({ osPid: 200, at: 7, endedAt: 8 })];
    expect(found(evidence({ calls, sent }))).toEqual(['errors_unexplained']);
  });

  test('and is an error of the switch when there is no other and one was under way', () => {
    const calls = [call({ ends: [end({ outcome: 'cancelled', faultName: 'call_cancelled' })] })];
    expect(found(evidence({ calls, operations: [operation()] }))).toEqual(['switch_errors']);
    const over = operation({ beganMs: -9000, endedMs: -5000 });
    expect(found(evidence({ calls, operations: [over] }))).toEqual(['errors_unexplained']);
    const elsewhere = operation({ pids: ['B01'], from: ['lens@1.0.0'], to: 'lens@2.0.0' });
    expect(found(evidence({ calls, operations: [elsewhere] }))).toEqual(['errors_unexplained']);
  });
});

test('a PID that pointed to nothing is unrouted, seen by a call or by the watch', () => {
  const refusal = end({ outcome: 'refused', faultName: 'invalid_pid', callId: null, release: null });
  const none = { processes: [], sent: [], requested: [] };
  expect(found(evidence({ ...none, calls: [call({ ends: [refusal] })] }))).toEqual(['unrouted']);
  expect(found(evidence({ lapses: ['A01 pointed to nothing'] }))).toEqual(['unrouted']);
});

test('a flow that was served by two releases is torn', () => {
  const processes = [algorithm(), algorithm({ release: 'iris@2.0.0', attempts: [attempt({ number: 2 })] })];
  const second = call({ number: 2, release: 'iris@2.0.0', ends: [end({ release: 'iris@2.0.0', callId: 2 })] });
  const sent = [dispatch(), dispatch({ callId: 2, release: 'iris@2.0.0' })];
  expect(found(evidence({ calls: [call(), second], processes, sent, requested: [1, 2] }))).toEqual(['flows_torn']);
});

test('what outlived the Runner, what answered wrongly and what took time or ended wrongly is each found', () => {
  expect(found(evidence({ orphans: ['4711 python'] }))).toEqual(['orphans']);
  expect(found(evidence({ segments: ['raw-00.npy'] }))).toEqual(['segments_leaked']);
  expect(found(evidence({ calls: [call({ ends: [end({ wrong: 'another number' })] })] }))).toEqual(['answers_wrong']);
  expect(found(evidence({ operations: [operation({ wrong: 'it was aborted' })] }))).toEqual(['operations_wrong']);
  expect(found(evidence({ operations: [operation({ downtimeMs: 3 })] }))).toEqual(['switch_downtime']);
  const down = evidence({ downtimes: [{ pid: 'A01', release: RELEASE, lastedMs: 4 }] });
  expect(found(down)).toEqual(['switch_downtime']);
  expect(judge(down).counts.switch_downtime_ms_max).toBe(4);
});

describe('a run proves nothing', () => {
  const asked = { seed: 1, switches: 1, kills: 1 };
  const why = (given: Evidence, cut = false) => failuresOf(judge(given), asked, cut).join('; ');

  test('when no switch was committed while the release it left had a call running', () => {
    const kills = killed({ retries: 0 });
    expect(why(evidence({ ...kills, operations: [operation({ committedMs: 25 })] }))).toContain('no switch');
    expect(judge(evidence({ ...kills, operations: [operation({ committedMs: 13 })] })).counts).toMatchObject({
      switches: 1,
      switches_in_flight: 1,
    });
  });

  test('when no kill hit a running call', () => {
    expect(why(evidence({ kills: [KILL], operations: [operation()] }))).toContain('no kill');
  });

  test('when it was cut off', () => {
    expect(why(evidence(), true)).toContain('cut off');
  });
});
