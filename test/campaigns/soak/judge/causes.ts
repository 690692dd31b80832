import type { CallEnd, CallEntry } from '../ledgers/callers.js';
import type { Dispatch } from '../ledgers/trace.js';
import { COURSE, releaseNamed } from '../packages/releases.js';
import type { AttemptsByCall } from './attempts.js';

/**
 * Why a call did not come to a result, from what was planted and who was killed. What this finds no cause for, the
 * Runner itself brought about.
 *
 * INVARIANT: a cause is something the campaign did, never something the Runner says.
 */
export type Cause = 'cancelled by its caller' | 'planted in the call' | 'planted in the release' | 'killed';

/** Refusals that mean a PID pointed to nothing. */
const UNROUTED: readonly (string | null)[] = ['invalid_pid', 'release_not_found'];

export const isUnrouted = ({ outcome, faultName }: CallEnd): boolean =>
  outcome === 'refused' && UNROUTED.includes(faultName);

function cannotHold(release: string): boolean {
  const ill = releaseNamed(release)?.ill ?? null;
  return ill !== null && COURSE[ill] !== 'holds';
}

/** @returns null for a call whose failure nobody planted */
export function causeOf(call: CallEntry, end: CallEnd, attempts: AttemptsByCall): Cause | null {
  const { misdeed, release } = call;
  if (misdeed === 'cancel' && end.outcome === 'cancelled') return 'cancelled by its caller';
  if (cannotHold(release) && end.outcome !== 'cancelled') return 'planted in the release';
  if (misdeed === 'error' && end.outcome === 'error') return 'planted in the call';
  if (end.outcome !== 'lost' && end.outcome !== 'timed_out' && end.outcome !== 'error') return null;

  // What may be tried again fails only after every attempt allowed, and each of them for a reason.
  const sent = attempts.sent(end.callId);
  if (sent.length < 1 + call.retries) return null;
  const reasons = sent.map((dispatch, i) => reasonOf(dispatch, i, call, attempts));
  if (reasons.includes(null)) return null;
  return reasons.includes('killed') ? 'killed' : 'planted in the call';
}

function reasonOf(dispatch: Dispatch, index: number, { misdeed }: CallEntry, attempts: AttemptsByCall): Cause | null {
  if (attempts.processesOf(dispatch).some((process) => attempts.wasKilled(process))) return 'killed';
  const always = misdeed === 'hang' || misdeed === 'fail';
  const first = index === 0 && (misdeed === 'hang once' || misdeed === 'fail once');
  return always || first ? 'planted in the call' : null;
}
