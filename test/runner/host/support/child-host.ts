import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../programs/host.js', import.meta.url));

/** No host outlives a test that went wrong. */
const LIFE_MS_MAX = 55_000;

/** How a host process ended, and what it said until then. */
export interface HostEnd {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly said: string;
  readonly complaints: string;
}

/**
 * A host of its own process with a Runner on a store (`programs/host.js`), so that it can be killed as a whole.
 *
 * @param onSaid is told what the host said so far, each time it says more
 */
export function runHost(
  args: readonly string[],
  onSaid: (said: string, kill: (signal?: NodeJS.Signals) => void) => void = () => undefined,
) {
  return new Promise<HostEnd>((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIFE_MS_MAX,
      killSignal: 'SIGKILL',
    });
    let said = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      onSaid(said, (signal = 'SIGKILL') => child.kill(signal));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.once('error', reject);
    // Not `close`: an algorithm that survived would hold the pipes open, and is what the tests look for.
    child.once('exit', (code, signal) => resolve({ signal, code, said, complaints }));
  });
}
