import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';

export interface PipInstallOptions {
  readonly python: string;
  /** Folder of the wheels. */
  readonly wheels: string;
  readonly requirements: readonly string[];
  readonly scratch: string;
}

/** Floor of a deployment: what one would type, `python3 -m venv`, then its `pip install` of the same wheels. */
serveSide<PipInstallOptions>(({ python, wheels, requirements, scratch }) => {
  // Settings of the machine's own would make pip look elsewhere.
  const environment = {
    PATH: process.env['PATH'],
    HOME: scratch,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  };
  const run = (command: string, args: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
      child.once('error', reject);
      child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with code ${code}`))));
    });
  const once = async (): Promise<number> => {
    const folder = await mkdtemp(join(scratch, 'venv-'));
    const beganMs = performance.now();
    await run(python, ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-index',
      '--find-links',
      wheels,
      ...requirements,
    ]);
    const tookMs = performance.now() - beganMs;
    await rm(folder, { recursive: true });
    return tookMs;
  };
  return Promise.resolve({
    async round(size) {
      const samplesMs: number[] = [];
      for (let i = 0; i < size; i++) samplesMs.push(await once());
      return { deploy: median(samplesMs) };
    },
  });
});
