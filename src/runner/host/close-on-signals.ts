import { tell } from '../../base/errors/index.js';
import type { Runner } from '../runner.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Closes a Runner when the host is asked to end: SIGTERM or SIGINT drain it, a second one hurries it. `onClosed` comes
 * when nothing of it is left; a host without anything else to do exits with 0 by itself then.
 *
 * @returns takes the handlers away again
 */
export function closeOnSignals(runner: Runner, onClosed?: (error: unknown) => void): () => void {
  let asked = false;
  const close = (): void => {
    const closing = runner.close({ hurry: asked });
    if (asked) return;
    asked = true;
    closing.then(
      () => tell(onClosed, null),
      (error: unknown) => tell(onClosed, error),
    );
  };
  for (const signal of SIGNALS) process.on(signal, close);
  const stop = (): void => SIGNALS.forEach((signal) => process.off(signal, close));
  return stop;
}
