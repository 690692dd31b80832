import type { Fault } from './fault.js';
import { fault } from './fault.js';
import type { ReleaseKey } from './release.js';

/**
 * When a release has proved itself on a PID it was switched to, and when it has failed: pure functions over what was
 * seen of it since the commit (contract §8).
 *
 * INVARIANTS
 * - A product that is not good (NG) is a result, never a failure of the release.
 * - A probation that has failed stays failed: nothing seen later makes it good again.
 */
export interface ProbationPolicy {
  /** How long the release before it stays warm at least; 0: no probation. */
  readonly durationMs: number;
  /** Attempts that may fail (errors, timeouts, losses, contract violations); one more returns the PID. */
  readonly errorsMax: number;
  /** Calls it has to serve before its probation can end, however long that takes. */
  readonly callsMin: number;
}

export const DEFAULT_PROBATION: ProbationPolicy = { durationMs: 60_000, errorsMax: 3, callsMin: 0 };

/** What was seen of a release since PIDs were switched to it. */
export interface Trial {
  /** Attempts that ended, failed ones included. */
  readonly calls: number;
  readonly failures: number;
  readonly lastFailure: Fault | null;
}

export const NOTHING_SEEN: Trial = { calls: 0, failures: 0, lastFailure: null };

export const withCall = (trial: Trial, failure: Fault | null): Trial => ({
  calls: trial.calls + 1,
  failures: trial.failures + (failure === null ? 0 : 1),
  lastFailure: failure ?? trial.lastFailure,
});

/** A process that was lost while no call ran in it. */
export const withLoss = (trial: Trial, failure: Fault | null): Trial => ({
  ...trial,
  failures: trial.failures + 1,
  lastFailure: failure ?? trial.lastFailure,
});

export const hasFailed = ({ failures }: Trial, { errorsMax }: ProbationPolicy): boolean => failures > errorsMax;

export const hasServedEnough = ({ calls, failures }: Trial, { callsMin }: ProbationPolicy): boolean =>
  calls - failures >= callsMin;

/** Why the PID returns to the release before. */
export function probationFailed(key: ReleaseKey, trial: Trial, { errorsMax }: ProbationPolicy): Fault {
  const { calls, failures, lastFailure } = trial;
  const last = lastFailure === null ? '' : ` Last: ${lastFailure.message}`;
  return fault(
    'probation_failed',
    `${key} failed ${failures} times in ${calls} calls; ${errorsMax} were allowed.${last}`,
    {
      details: { calls, failures, errors_max: errorsMax, ...(lastFailure === null ? {} : { last: lastFailure }) },
    },
  );
}

/**
 * Whether a route hears how an attempt at a call on `key` ended: it is on probation with that release, and the attempt was
 * not called off by whoever wanted it.
 */
export const countsForProbation = (
  route: { readonly onProbation: boolean; readonly release: ReleaseKey | null } | undefined,
  { key, outcome }: { readonly key: ReleaseKey; readonly outcome: string },
): boolean => outcome !== 'cancelled' && route?.onProbation === true && route.release === key;
