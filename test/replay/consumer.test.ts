/** What a team outside of this project can do with the machines: through the package's own exports, on the build. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateOf, Stepper } from 'procvision-runner/trace';
import { Composition, Coverage } from 'procvision-runner/testing';
import {
  DEFAULT_RESTART_POLICY,
  decideRestart,
  DEFAULT_TIMINGS,
  heartbeatMachine,
  INVARIANTS,
  MACHINES,
} from 'procvision-runner/machines';
import type { RestartPolicy } from 'procvision-runner/machines';
import { seed } from '../support/machines/seed.js';

/** The policy of a line that cannot wait. */
const OURS: RestartPolicy = { ...DEFAULT_RESTART_POLICY, immediateRestarts: 5, breakerLosses: 8, backoffMs: 200 };

describe('a property of one’s own policy', () => {
  test('five losses in a window are answered at once, whatever their times', () => {
    const times = fc.array(fc.nat(OURS.windowMs - 1), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 0.999, noNaN: true }), (losses, jitter) => {
        const lossesMs = losses.toSorted((a, b) => a - b);
        const history = { lossesMs, failedStarts: 0, nowMs: lossesMs.at(-1) ?? 0, jitter };
        expect(decideRestart(history, OURS).kind).toBe('now');
      }),
      { seed },
    );
  });

  test('a machine is stepped without anything running', () => {
    const stepper = Stepper.of(heartbeatMachine);
    const begun = stepper.initial({ timings: DEFAULT_TIMINGS });
    const asking = stepper.step(begun.snapshot, { type: 'xstate.after.pingInterval.heartbeat.Resting' });
    expect(stateOf(asking.snapshot)).toBe('Awaiting');
    expect(asking.acts).toContainEqual({ act: 'report', event: { type: 'heartbeat.due' } });
  });

  test('a whole tree of them is composed, its timers fired in any order, its transitions counted', () => {
    const coverage = new Coverage(MACHINES);
    const composition = new Composition(
      heartbeatMachine,
      { timings: DEFAULT_TIMINGS },
      { delivered: ({ step }) => coverage.add(step) },
    );
    for (let i = 0; i < 3; i++) composition.fire(composition.timers[0] as never);
    expect(stateOf(composition.root.snapshot)).toBe('Missing');
    expect(composition.nowMs).toBe(DEFAULT_TIMINGS.pingIntervalMs + 2 * DEFAULT_TIMINGS.pongGraceMs);
    expect(coverage.all.length).toBeGreaterThan(coverage.neverTaken.length);
  });

  test('the invariants come with their sentences', () => {
    expect(INVARIANTS.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});
