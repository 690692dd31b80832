import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunnerOptions } from '../../../src/index.js';
import { cleanAfterFile, cleanIfTestFails } from '../../support/cleanup.js';
import { ENVIRONMENT } from './environment.js';

const LIBRARY = fileURLToPath(new URL('../../../dist/src/index.js', import.meta.url));

/** A host of its own: opens a Runner on a store, says so once every release that is wanted runs, closes on SIGTERM. */
const program = (options: RunnerOptions): string => `
import { createRunner } from ${JSON.stringify(LIBRARY)};
const runner = await createRunner(${JSON.stringify(options)});
process.once('SIGTERM', () => void runner.close().then(() => process.exit(0)));
process.on('message', (ms) => { const end = Date.now() + ms; while (Date.now() < end); });
while (runner.list().releases.some(({ state, wanted, reason }) => wanted === 'running' && reason === null && !/^(Running|Executing)$/.test(state)))
  await new Promise((resolve) => setTimeout(resolve, 20));
console.log('ready');
`;

export interface LivingLine {
  readonly child: ChildProcess;
  readonly osPid: number;
  /** Ends it and waits until it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const open = new Set<ChildProcess>();
cleanAfterFile(() => open.forEach((child) => child.kill('SIGKILL')));

/** A Runner in a process of its own, as a line has it. */
export async function livingLine(options: RunnerOptions): Promise<LivingLine> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program({ scanIntervalMs: 0, ...options })], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  open.add(child);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  cleanIfTestFails(() => {
    child.kill('SIGKILL');
    return gone;
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => text.includes('ready') && resolve());
    child.once('exit', () => reject(new Error(`the line ended before it was ready: ${said}`)));
  });
  return {
    child,
    osPid: child.pid ?? 0,
    end: (signal) => {
      child.kill(signal);
      return gone;
    },
  };
}
