import { vi } from 'vitest';

/** Long enough for a machine many times slower than any: success ends the wait, so only a failure lasts as long. */
const WITHIN_MS = 20_000;

/** Resolves as soon as the check passes, with what it returns; fails with what it said last. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: WITHIN_MS, interval: 20 });
