import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RESTART_POLICY, decideRestart } from '../../machines/index.js';
import type { LossHistory, RestartDecision, RestartPolicy } from '../../machines/index.js';
import { seed } from '../support/machines/seed.js';

const decide = (losses: readonly number[], more: Partial<LossHistory> = {}, policy = DEFAULT_RESTART_POLICY) =>
  decideRestart({ lossesMs: losses, failedStarts: 0, nowMs: losses.at(-1) ?? 0, jitter: 0, ...more }, policy);

describe('the restart policy (contract §5)', () => {
  const now: RestartDecision = { kind: 'now' };
  const rows: readonly (readonly [what: string, losses: readonly number[], RestartDecision])[] = [
    ['the first loss is answered at once', [0], now],
    ['the second', [0, 10], now],
    ['the third, the last of the immediate ones', [0, 10, 20], now],
    ['the fourth after a pause', [0, 10, 20, 30], { kind: 'after', delayMs: 1_000 }],
    ['the fifth within 60 s opens the breaker', [0, 10, 20, 30, 40], { kind: 'give_up', losses: 5 }],
    ['a loss 59 999 ms ago still counts', [0, 1, 2, 3, 59_999], { kind: 'give_up', losses: 5 }],
    ['one 60 000 ms ago does not', [0, 1, 2, 3, 60_000], { kind: 'after', delayMs: 1_000 }],
    ['losses far apart are each the first', [0, 60_000, 120_000, 180_000], now],
  ];
  test.each(rows)('%s', (_what, losses, decision) => {
    expect(decide(losses)).toEqual(decision);
  });

  test('starts that fail in a row are given up after the first and the immediate ones, however slowly they fail', () => {
    const kinds = [1, 2, 3, 4].map((failedStarts) => decide([failedStarts * 90_000], { failedStarts }).kind);
    expect(kinds).toEqual(['now', 'now', 'now', 'give_up']);
  });

  test('the pause doubles with every further loss, up to its limit', () => {
    const policy = { ...DEFAULT_RESTART_POLICY, immediateRestarts: 0, breakerLosses: 99, backoffMsMax: 3_000 };
    const pauses = [1, 2, 3, 4].map((n) => decide(Array<number>(n).fill(0), {}, policy));
    expect(pauses).toMatchObject([{ delayMs: 1_000 }, { delayMs: 2_000 }, { delayMs: 3_000 }, { delayMs: 3_000 }]);
  });

  test('jitter adds up to its share', () => {
    expect(decide([0, 1, 2, 3], { jitter: 0.5 })).toEqual({ kind: 'after', delayMs: 1_125 });
  });
});

const anyPolicy: fc.Arbitrary<RestartPolicy> = fc.record({
  immediateRestarts: fc.nat(4),
  breakerLosses: fc.integer({ min: 1, max: 6 }),
  windowMs: fc.integer({ min: 1, max: 200 }),
  backoffMs: fc.integer({ min: 1, max: 50 }),
  backoffMsMax: fc.integer({ min: 50, max: 400 }),
  jitterShare: fc.double({ min: 0, max: 1, noNaN: true }),
  cooldownMs: fc.constant(null),
});
const anyJitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** Pauses between losses; most losses are close together, as in a crash loop. */
const anyGaps = fc.array(fc.oneof(fc.nat(20), fc.nat(300)), { minLength: 1, maxLength: 30 });

/** Lives through a crash loop: what was decided at each loss, until it was given up. */
function crashLoop(gaps: readonly number[], jitter: number, policy: RestartPolicy) {
  const losses: number[] = [];
  const decisions: { atMs: number; decision: RestartDecision }[] = [];
  let nowMs = 0;
  for (const gap of gaps) {
    nowMs += gap;
    losses.push(nowMs);
    const decision = decide(losses, { nowMs, jitter }, policy);
    decisions.push({ atMs: nowMs, decision });
    if (decision.kind === 'give_up') break;
  }
  return { losses, decisions };
}

const holds = (check: (gaps: readonly number[], jitter: number, policy: RestartPolicy) => void) => {
  fc.assert(fc.property(anyGaps, anyJitter, anyPolicy, check), { numRuns: 500, seed });
};

describe('the restart policy, in any crash loop', () => {
  test('never restarts at once more often than allowed within the window', () => {
    holds((gaps, jitter, policy) => {
      const { decisions } = crashLoop(gaps, jitter, policy);
      for (const { atMs } of decisions) {
        const recent = decisions.filter((other) => other.atMs <= atMs && atMs - other.atMs < policy.windowMs);
        const atOnce = recent.filter(({ decision }) => decision.kind === 'now');
        expect(atOnce.length).toBeLessThanOrEqual(policy.immediateRestarts);
      }
    });
  });

  test('opens the breaker at exactly its limit, neither a loss earlier nor one later', () => {
    holds((gaps, jitter, policy) => {
      const { losses, decisions } = crashLoop(gaps, jitter, policy);
      for (const [i, { atMs, decision }] of decisions.entries()) {
        const recent = losses.slice(0, i + 1).filter((lossMs) => atMs - lossMs < policy.windowMs);
        expect(decision.kind === 'give_up').toBe(recent.length >= policy.breakerLosses);
      }
    });
  });

  test('pauses between the base and the limit, jitter added', () => {
    holds((gaps, jitter, policy) => {
      for (const { decision } of crashLoop(gaps, jitter, policy).decisions) {
        if (decision.kind !== 'after') continue;
        expect(decision.delayMs).toBeGreaterThanOrEqual(policy.backoffMs);
        expect(decision.delayMs).toBeLessThanOrEqual(Math.ceil(policy.backoffMsMax * (1 + policy.jitterShare)));
      }
    });
  });

  test('decides the same on the same input', () => {
    holds((gaps, jitter, policy) => {
      expect(crashLoop(gaps, jitter, policy)).toEqual(crashLoop(gaps, jitter, structuredClone(policy)));
    });
  });
});
