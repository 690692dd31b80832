import { EXIT_BY_SIGNAL } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';

export interface Interruption {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** What the second one does instead of ending the command at once. @returns takes it back */
  onSecond(hurry: () => void): () => void;
  /** How the command ends when it was interrupted. */
  exitCode(): ExitCode | undefined;
  unwatch(): void;
}

/**
 * The first SIGINT or SIGTERM asks the command to end cleanly, the second cuts short what that waits for, the third ends
 * it. Where nothing is waited for, the second does.
 */
export function watchSignals(say: (message: string) => void): Interruption {
  const controller = new AbortController();
  const hurries = new Set<() => void>();
  let exitCode: ExitCode | undefined;
  let hurried = false;
  const onSignal = (name: keyof typeof EXIT_BY_SIGNAL): void => {
    const isFirst = exitCode === undefined;
    if (!isFirst && (hurried || hurries.size === 0)) process.exit(EXIT_BY_SIGNAL[name]);
    exitCode = EXIT_BY_SIGNAL[name];
    if (isFirst) {
      say(`${name}: closing; once more ${hurries.size === 0 ? 'ends at once' : 'hurries'}`);
      return controller.abort();
    }
    hurried = true;
    say(`${name}: hurrying; once more ends at once`);
    for (const hurry of hurries) hurry();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    onSecond(hurry) {
      hurries.add(hurry);
      return () => hurries.delete(hurry);
    },
    exitCode: () => exitCode,
    unwatch() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
