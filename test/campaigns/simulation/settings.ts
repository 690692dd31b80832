import type { RunnerOptions } from '../../../src/runner/options/options.js';
import { Draws } from './draws.js';

const MIB = 1024 * 1024;

/** How the Runner of a seed's site is set up: small limits and short deadlines often, so that days meet them. */
export function settingsOf(seed: number): RunnerOptions {
  const draws = new Draws(seed).fork('settings');
  const executeMs = draws.pick([300, 1_000, 5_000, 30_000]);
  return {
    store: 'simulated',
    scanIntervalMs: draws.pick([0, 60_000, 300_000]),
    instances: draws.pick([1, 1, 2]),
    queueLimit: draws.pick([1, 4, 64]),
    retries: draws.pick([0, 1, 2]),
    fallback: draws.chance(0.5),
    timings: {
      pingIntervalMs: draws.pick([2_000, 5_000, 15_000]),
      pongGraceMs: draws.pick([500, 2_000]),
      preMs: Math.min(executeMs, 2_000),
      executeMs,
      drainMs: draws.pick([500, 5_000, 30_000]),
      waitMs: draws.pick([500, 5_000, 30_000]),
      watchMs: draws.pick([0, 10_000]),
      flowIdleMs: 60_000,
    },
    restart: draws.pick([
      {},
      { immediateRestarts: 1, breakerLosses: 2 },
      { cooldownMs: 10_000, breakerLosses: 3 },
      { immediateRestarts: 0, breakerLosses: 4, backoffMs: 500 },
    ]),
    memory: draws.chance(0.5) ? { replaceBytes: 300 * MIB, killBytes: 600 * MIB } : {},
    probation: {
      durationMs: draws.pick([0, 5_000, 30_000, 60_000]),
      errorsMax: draws.pick([0, 1, 3]),
      callsMin: draws.pick([0, 0, 4]),
    },
    ...(draws.chance(0.3) ? { replaceAfterFailures: 2 } : {}),
  };
}
