import { describe, expect, test } from 'vitest';
import {
  afterTurn,
  emptySlots,
  given,
  isGone,
  leavingWithCall,
  nextCall,
  pendingCalls,
  readied,
  started,
} from '../../machines/slots.js';
import type { AcceptedCall } from '../../machines/index.js';

const call = (callId: number, pid: string, home: number | null = null): AcceptedCall => ({
  callId,
  pid,
  retries: 0,
  home,
});
const idle = (count: number) =>
  Array.from({ length: count }).reduce<ReturnType<typeof emptySlots>>(
    (table, _, i) => readied(table, i),
    emptySlots(count),
  );

/** In which order waiting calls go out, one process serving them. */
function order(queue: readonly AcceptedCall[]): readonly number[] {
  const served: number[] = [];
  let [waiting, turns]: [readonly AcceptedCall[], readonly string[]] = [queue, []];
  for (let next = nextCall(waiting, turns, idle(1)); next !== undefined; next = nextCall(waiting, turns, idle(1))) {
    const { callId, pid } = next.call;
    served.push(callId);
    turns = afterTurn(turns, pid);
    waiting = waiting.filter((other) => other.callId !== callId);
  }
  return served;
}

describe('waiting calls', () => {
  test('of one PID are served in the order they came', () => {
    expect(order([call(1, 'A'), call(2, 'A'), call(3, 'A')])).toEqual([1, 2, 3]);
  });

  test('of several PIDs take turns: a busy line does not keep a quiet one waiting', () => {
    expect(order([call(1, 'A'), call(2, 'A'), call(3, 'A'), call(4, 'B'), call(5, 'C')])).toEqual([1, 4, 5, 2, 3]);
  });

  test('the PID served longest ago is next', () => {
    expect(nextCall([call(1, 'A'), call(2, 'B')], ['B', 'A'], idle(1))?.call.callId).toBe(2);
  });

  test('a call whose session lives in one process waits for that one, others pass it', () => {
    const busy = given(idle(2), 0, call(9, 'Z'));
    expect(nextCall([call(1, 'A', 0), call(2, 'B')], [], busy)).toMatchObject({ call: { callId: 2 }, slot: 1 });
    expect(nextCall([call(1, 'A', 0)], [], busy)).toBeUndefined();
  });

  test('nobody is next while no process is idle', () => {
    expect(nextCall([call(1, 'A')], [], started(emptySlots(1), 0))).toBeUndefined();
  });
});

describe('a place for a process', () => {
  test('keeps sessions only while its process serves', () => {
    expect([isGone(idle(1), 0), isGone(given(idle(1), 0, call(1, 'A')), 0)]).toEqual([false, false]);
    expect([isGone(emptySlots(1), 0), isGone(started(emptySlots(1), 0), 0), isGone(idle(1), 5)]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('keeps the call that is to be tried again, with one attempt less, until its process has ended', () => {
    const table = leavingWithCall(given(idle(1), 0, { ...call(1, 'A'), retries: 2 }), 0);
    expect(pendingCalls(table)).toEqual([{ ...call(1, 'A'), retries: 1 }]);
    expect(isGone(table, 0)).toBe(true);
  });
});
