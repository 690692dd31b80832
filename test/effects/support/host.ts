import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Isolation } from '../../../src/effects/index.js';
import { builtProgram } from '../../support/built-program.js';
import { cleanAfterEachTest } from '../../support/cleanup.js';
import { newCookie } from './processes.js';
import { PROGRAMS, PYTHON } from './process-rig.js';

const PROGRAM = builtProgram(new URL('../programs/host.ts', import.meta.url));

export interface Host {
  /** By program, the cookie that everything it started carries. */
  readonly cookies: ReadonlyMap<string, string>;
  /** Ends it by a signal, or by a command it obeys; resolves when it is gone. */
  end(how: NodeJS.Signals | 'exit' | 'throw'): Promise<void>;
}

const running = new Set<ChildProcess>();
cleanAfterEachTest(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** A Runner's host of its own process, with these fixture programs ready under it. */
export async function startHost(isolation: Isolation, ...programs: readonly string[]): Promise<Host> {
  const cookies = new Map(programs.map((program) => [program, newCookie()]));
  const args = [PROGRAM, JSON.stringify(isolation), PYTHON, PROGRAMS, ...[...cookies].flat()];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const gone = once(child, 'exit').then(() => void running.delete(child));
  const ready = once(createInterface({ input: child.stdout }), 'line');
  await Promise.race([ready, gone.then(() => Promise.reject(new Error(`the host did not start:\n${words}`)))]);
  return {
    cookies,
    async end(how) {
      if (how === 'exit' || how === 'throw') child.stdin.write(`${how}\n`);
      else child.kill(how);
      await gone;
    },
  };
}
