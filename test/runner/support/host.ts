import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { compiled } from '../../effects/support/compiled.js';

let program: string | undefined;

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Host {
  /** Where its images lie. */
  readonly imageFolder: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** A Runner in a process of its own that serves the zip; with a stage, one that is caught amid its installation. */
export async function startHost(store: string, zip: string, stage?: string): Promise<Host> {
  program ??= compiled(fileURLToPath(new URL('../programs/host.ts', import.meta.url)));
  const child = spawn(process.execPath, [program, store, zip, ...(stage === undefined ? [] : [stage])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const gone = once(child, 'exit').then(() => void running.delete(child));
  const ready = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const failed = gone.then(() => Promise.reject(new Error(`the host ended before it was ready:\n${words}`)));
  const [line] = await Promise.race([ready, failed]);
  failed.catch(() => undefined);
  return {
    ...(JSON.parse(line) as { imageFolder: string }),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
