import { EXIT_BY_SIGNAL } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';

export interface Interruption {
  readonly signal: AbortSignal;
  /** How the command ends when it was interrupted. */
  exitCode(): ExitCode | undefined;
  unwatch(): void;
}

/** The first SIGINT or SIGTERM asks the command to end cleanly, the second ends it. */
export function watchSignals(say: (message: string) => void): Interruption {
  const controller = new AbortController();
  let exitCode: ExitCode | undefined;
  const onSignal = (name: keyof typeof EXIT_BY_SIGNAL): void => {
    if (exitCode !== undefined) process.exit(EXIT_BY_SIGNAL[name]);
    exitCode = EXIT_BY_SIGNAL[name];
    say(`${name}: closing; once more ends at once`);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    unwatch() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
