/**
 * When a lost process is started again: a pure function of (losses, now, policy); the package machine asks it.
 *
 * INVARIANTS
 * - No more than `immediateRestarts` restarts without a pause, no restart at all once `breakerLosses` losses fell
 *   within `windowMs`: the breaker opens at exactly its limit (invariant 9).
 * - Starts that fail in a row are given up after the first try and `immediateRestarts` more, however long each takes:
 *   a process that never says hello fails too slowly for the breaker's window.
 * - The same losses, time, jitter and policy give the same decision.
 */
export interface RestartPolicy {
  /** Losses inside the window that are answered at once. */
  readonly immediateRestarts: number;
  /** The loss with this number inside the window opens the breaker. */
  readonly breakerLosses: number;
  readonly windowMs: number;
  /** Pause after the first loss that is not answered at once; doubles with each further one. */
  readonly backoffMs: number;
  readonly backoffMsMax: number;
  /** Share of the pause that jitter may add, 0 to 1. */
  readonly jitterShare: number;
  /** Time after which the open breaker allows one start (half open); null: only a person closes it. */
  readonly cooldownMs: number | null;
}

export const DEFAULT_RESTART_POLICY: RestartPolicy = {
  immediateRestarts: 3,
  breakerLosses: 5,
  windowMs: 60_000,
  backoffMs: 1_000,
  backoffMsMax: 30_000,
  jitterShare: 0.25,
  cooldownMs: null,
};

export type RestartDecision =
  | { readonly kind: 'now' }
  | { readonly kind: 'after'; readonly delayMs: number }
  | { readonly kind: 'give_up'; readonly losses: number };

/** The losses that still count at `nowMs`; older ones are forgotten. */
export const lossesWithin = (lossesMs: readonly number[], nowMs: number, policy: RestartPolicy): readonly number[] =>
  lossesMs.filter((atMs) => nowMs - atMs < policy.windowMs);

export interface LossHistory {
  /** Monotonic times of the losses, the newest included. */
  readonly lossesMs: readonly number[];
  /** Losses in a row that were failed starts, the newest included. */
  readonly failedStarts: number;
  /** Monotonic time of the newest loss. */
  readonly nowMs: number;
  /** A number in [0, 1) drawn outside, so that the decision stays reproducible. */
  readonly jitter: number;
}

export function decideRestart(
  { lossesMs, failedStarts, nowMs, jitter }: LossHistory,
  policy: RestartPolicy,
): RestartDecision {
  const losses = lossesWithin(lossesMs, nowMs, policy).length;
  if (losses >= policy.breakerLosses || failedStarts > policy.immediateRestarts) return { kind: 'give_up', losses };
  if (losses <= policy.immediateRestarts) return { kind: 'now' };
  const doublings = losses - policy.immediateRestarts - 1;
  const pauseMs = Math.min(policy.backoffMsMax, policy.backoffMs * 2 ** doublings);
  return { kind: 'after', delayMs: Math.round(pauseMs * (1 + policy.jitterShare * jitter)) };
}
