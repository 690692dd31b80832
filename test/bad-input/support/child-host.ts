import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LOADER = fileURLToPath(new URL('../../images/support/run-typescript.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../programs/host.ts', import.meta.url));

/** How a host process ended, and what it said until then. */
export interface HostEnd {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly said: string;
  readonly complaints: string;
}

/**
 * A host of its own process with a Runner on a store (`programs/host.ts`), so that it can be killed as a whole.
 *
 * @param onSaid is told what the host said so far, each time it says more
 */
export function runHost(args: readonly string[], onSaid: (said: string, kill: () => void) => void = () => undefined) {
  return new Promise<HostEnd>((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', LOADER, PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      onSaid(said, () => child.kill('SIGKILL'));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.once('error', reject);
    // Not `close`: an algorithm that survived would hold the pipes open, and is what the tests look for.
    child.once('exit', (code, signal) => resolve({ signal, code, said, complaints }));
  });
}
