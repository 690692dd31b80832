import { EXIT_BY_SIGNAL } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';

export interface Interruption {
  readonly signal: AbortSignal;
  /** How the command ends when it was interrupted. */
  exitCode(): ExitCode | undefined;
}

/** The first SIGINT or SIGTERM asks the command to end cleanly, the second ends it. */
export function watchSignals(say: (message: string) => void): Interruption {
  const controller = new AbortController();
  let exitCode: ExitCode | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (exitCode !== undefined) process.exit(EXIT_BY_SIGNAL[name]);
      exitCode = EXIT_BY_SIGNAL[name];
      say(`${name}: closing; once more ends at once`);
      controller.abort();
    });
  }
  return { signal: controller.signal, exitCode: () => exitCode };
}
