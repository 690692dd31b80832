import { describe, expect, test } from 'vitest';
import { NOTHING_SEEN, hasFailed, hasServedEnough, probationFailed, withCall, withLoss } from '../../machines/index.js';
import type { Trial } from '../../machines/index.js';
import { BROKEN, KEY } from '../support/machines/samples.js';

const policy = { durationMs: 60_000, errorsMax: 2, callsMin: 3 };
const seen = (...calls: readonly boolean[]): Trial =>
  calls.reduce((trial, ok) => withCall(trial, ok ? null : BROKEN), NOTHING_SEEN);

describe('a probation (contract §8)', () => {
  test('fails with one failure more than it allows, not with the last one allowed', () => {
    expect(hasFailed(seen(false, true, false), policy)).toBe(false);
    expect(hasFailed(seen(false, true, false, false), policy)).toBe(true);
  });

  test('that allows none fails with the first', () => {
    expect(hasFailed(seen(false), { ...policy, errorsMax: 0 })).toBe(true);
  });

  test('counts a process lost at rest as a failure, but not as a call', () => {
    expect(withLoss(NOTHING_SEEN, BROKEN)).toEqual({ calls: 0, failures: 1, lastFailure: BROKEN });
  });

  test('a good call is no failure and takes none back', () => {
    expect(seen(false, true, true)).toEqual({ calls: 3, failures: 1, lastFailure: BROKEN });
  });

  test('is over when the release has served as many calls as it has to; failed ones do not count', () => {
    expect(hasServedEnough(seen(true, true, false), policy)).toBe(false);
    expect(hasServedEnough(seen(true, true, false, true), policy)).toBe(true);
    expect(hasServedEnough(NOTHING_SEEN, { ...policy, callsMin: 0 })).toBe(true);
  });

  test('says why it failed, with the numbers and the last failure', () => {
    const why = probationFailed(KEY, seen(true, false, false, false), policy);
    expect(why).toMatchObject({ code: '3025', details: { calls: 4, failures: 3, errors_max: 2, last: BROKEN } });
    expect(why.message).toContain(BROKEN.message);
    expect(probationFailed(KEY, NOTHING_SEEN, policy).details).not.toHaveProperty('last');
  });
});
