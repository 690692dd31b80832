import type { CallEnd, CallEntry } from '../ledgers/callers.js';
import type { AttemptsByCall } from './attempts.js';
import { causeOf, isUnrouted } from './causes.js';
import type { Evidence, Operation } from './evidence.js';
import { nameOf } from './evidence.js';

export interface Failures {
  readonly switch_errors: readonly string[];
  readonly errors_unexplained: readonly string[];
  readonly given_up_early: readonly string[];
}

/** Calls that failed without anybody having planted it, sorted by what was going on. */
export function findFailures({ calls, operations }: Evidence, attempts: AttemptsByCall): Failures {
  const found = { switch_errors: [] as string[], errors_unexplained: [] as string[], given_up_early: [] as string[] };
  for (const call of calls) {
    const [end] = call.ends;
    if (end === undefined || end.outcome === 'result' || isUnrouted(end)) continue;
    if (causeOf(call, end, attempts) !== null) continue;
    const during = operations.filter((operation) => concerns(operation, call, end.atMs)).map(nameOf);
    const line = describe(call, end, during);
    if (wasHit(end, attempts)) found.given_up_early.push(line);
    else if (during.length > 0) found.switch_errors.push(line);
    else found.errors_unexplained.push(line);
  }
  return found;
}

const wasHit = (end: CallEnd, attempts: AttemptsByCall): boolean =>
  attempts.sent(end.callId).some((one) => attempts.processesOf(one).some((process) => attempts.wasKilled(process)));

/** What an operation sets going, like the stop of a release nobody needs any more, may come a while after its end. */
const AFTERMATH_MS = 2000;

function concerns(operation: Operation, { pid, release, beganMs }: CallEntry, endedMs: number): boolean {
  const meanwhile = operation.beganMs <= endedMs && operation.endedMs + AFTERMATH_MS >= beganMs;
  return meanwhile && (operation.pids.includes(pid) || operation.from.includes(release) || operation.to === release);
}

function describe(call: CallEntry, end: CallEnd & { readonly atMs: number }, during: readonly string[]): string {
  const { number, pid, release, misdeed, beganMs } = call;
  const when = during.length === 0 ? 'while nothing was switched' : `during the ${during.join(' and the ')}`;
  const who = `call ${number} (${pid}, ${release}, ${misdeed === '' ? 'to succeed' : misdeed})`;
  return `${who}: ${end.outcome} after ${Math.round(end.atMs - beganMs)} ms ${when}: ${end.faultName ?? ''} ${end.message}`;
}
