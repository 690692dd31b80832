import type { CallEntry } from '../ledgers/callers.js';
import type { AttemptsByCall } from './attempts.js';
import type { Evidence } from './evidence.js';

/** Whether the three ledgers agree that every accepted call came to exactly one end (invariant 5). */

/** Calls without their one outcome, and outcomes without the work they speak of. */
export function findUnaccounted({ calls, trace }: Evidence, attempts: AttemptsByCall): string[] {
  const known = new Set(calls.flatMap(({ ends }) => ends.map(({ callId }) => callId)));
  // Whoever was refused, or still waits, was not told the Runner's number of the call.
  const nameless = calls.filter(({ ends }) => (ends[0]?.callId ?? null) === null).length;
  const strange = [...trace.requested].filter((callId) => !known.has(callId));
  return [
    ...calls.flatMap((call) => {
      const problem = problemOf(call, attempts);
      return problem === null ? [] : [`call ${call.number} (${call.pid}): ${problem}`];
    }),
    ...[...attempts.numbers].flatMap((number) =>
      calls[number - 1] === undefined ? [`a process worked at call ${number}, which nobody made`] : [],
    ),
    ...strange.slice(nameless).map((callId) => `the trace knows a call ${callId} that nobody made`),
  ];
}

function problemOf({ number, ends }: CallEntry, byCall: AttemptsByCall): string | null {
  const [end] = ends;
  if (end === undefined) return 'it was accepted and never came to an end';
  const made = byCall.made(number);
  const sent = byCall.sent(end.callId);
  const delivered = sent.filter((dispatch) => dispatch.delivered);
  if (made.length > delivered.length && end.outcome !== 'refused')
    return `processes began it ${made.length} times, the trace has it sent ${delivered.length} times`;
  // A call that ends while it waits has no last attempt.
  const answered = end.outcome === 'result' || end.outcome === 'error';
  const attempts = [end.failedAttempts + 1, ...(answered ? [] : [end.failedAttempts])];
  if (!attempts.includes(sent.length))
    return `its result speaks of ${end.failedAttempts} failed attempts, the trace of ${sent.length} altogether`;
  switch (end.outcome) {
    case 'result':
    case 'error': {
      const status = end.outcome === 'result' ? 'OK' : 'ERROR';
      const answered = made.some(
        ({ process, attempt }) => attempt.replied === status && process.release === end.release,
      );
      return answered ? null : `it ended as ${end.outcome}, but no process of ${end.release} answered it ${status}`;
    }
    case 'timed_out':
      return delivered.length > 0 ? null : 'it timed out without ever having been sent to a process';
    case 'lost':
    case 'cancelled':
      return null;
    case 'refused':
      return made.length === 0 ? null : 'it was refused, yet a process worked at it';
  }
}

/** Calls with two outcomes, sent out more often than allowed, or worked at by two processes at a time. */
export function findDuplicated({ calls }: Evidence, attempts: AttemptsByCall): string[] {
  return calls.flatMap((call) => {
    const { number, ends, retries, pid } = call;
    const made = attempts.made(number);
    const sent = attempts.sent(ends[0]?.callId ?? null);
    const problems: string[] = [];
    if (ends.length > 1) problems.push(`it came to ${ends.length} ends: ${ends.map((end) => end.outcome).join(', ')}`);
    const tries = Math.max(made.length, sent.length);
    if (tries > 1 + retries) problems.push(`it was sent out ${tries} times; ${1 + retries} are allowed`);
    made.forEach((one, i) => {
      const next = made[i + 1];
      if (next === undefined || one.attempt.lastSignMs <= next.attempt.beganMs) return;
      const overlapMs = one.attempt.lastSignMs - next.attempt.beganMs;
      problems.push(
        `processes ${one.process.osPid} and ${next.process.osPid} worked at it together, ${overlapMs.toFixed(2)} ms`,
      );
    });
    sent.forEach((one, i) => {
      const next = sent[i + 1];
      if (next !== undefined && one.endedAt > next.at) problems.push('it was sent out while it was still out');
    });
    return problems.map((problem) => `call ${number} (${pid}): ${problem}`);
  });
}
