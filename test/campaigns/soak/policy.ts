import type { PolicyOptions } from '../../../src/index.js';
import type { SoakRelease } from './packages/releases.js';

/**
 * Probations are short, so that a thousand switches fit into some minutes. Everything an honest call could run into is
 * far away, so that a busy machine is not taken for a defect.
 */
export const POLICY = {
  timings: {
    preMs: 20_000,
    executeMs: 20_000,
    waitMs: 120_000,
    drainMs: 120_000,
    shutdownMs: 2000,
    terminateMs: 500,
    pingIntervalMs: 1000,
    pongGraceMs: 10_000,
  },
  // The campaign kills far more often than any policy of a site would put up with.
  restart: { immediateRestarts: 10_000, breakerLosses: 10_000 },
  probation: { durationMs: 250, errorsMax: 5 },
} satisfies PolicyOptions;

/** One that cannot start is given up at once. */
const NO_SECOND_START: PolicyOptions = { restart: { immediateRestarts: 0 } };
/** Time enough for the probe on a busy machine, while it is healthy. */
const HELLO_MS = 2500;
/** One that fails at work trips its breaker. */
const FRAIL: PolicyOptions = { restart: { immediateRestarts: 3, breakerLosses: 5 } };

/** What a release does differently because of its illness. */
export function policyOf({ ill }: SoakRelease): PolicyOptions {
  switch (ill) {
    case 'mute':
      return { ...NO_SECOND_START, timings: { helloMs: HELLO_MS } };
    case 'crash':
    case 'wrong_info':
      return NO_SECOND_START;
    case 'slow':
    case 'faulty':
      return FRAIL;
    case 'late':
    case null:
      return {};
  }
}
