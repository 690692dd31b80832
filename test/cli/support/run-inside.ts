import { runCli } from '../../../src/cli/run.js';
import type { Ended } from './command-line.js';
import { adoptEnvironment } from './environment.js';

/**
 * A command line run in this process: for what needs neither the build nor a process of its own.
 *
 * @param onTerminal makes standard error a terminal, and is told what appears there
 */
export async function runInside(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onTerminal?: (text: string) => void,
): Promise<Ended> {
  adoptEnvironment();
  let [stdout, stderr] = ['', ''];
  const code = await runCli(words, {
    env,
    stdout: { write: (text: string) => (stdout += text), on: () => undefined },
    stderr: {
      isTTY: onTerminal !== undefined,
      on: () => undefined,
      write(text: string) {
        stderr += text;
        onTerminal?.(text);
      },
    },
  });
  return { code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
}
