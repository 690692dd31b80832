import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { runPython } from '../python/run-python.js';
import type { Launcher } from '../python/run-python.js';

export interface EnvironmentOptions {
  /** The base interpreter. */
  readonly python: string;
  /** The deployed folder; the environment becomes its `venv/`. It holds absolute paths and cannot be moved. */
  readonly folder: string;
  /** Modules of the base interpreter are seen, behind those of the environment; false. */
  readonly systemPackages?: boolean;
  readonly signal?: AbortSignal;
  /** See RunOptions. */
  readonly launcher?: Launcher;
}

export interface Environment {
  readonly venv: string;
  /** Its interpreter. */
  readonly python: string;
}

const TIMEOUT_MS = 60_000;

/**
 * Builds `venv/` without pip: a tenth of the time, and the algorithm gets no installer. Never over an existing one.
 *
 * @throws RunnerError install_failed; nothing of the environment is left then, nor after an abort
 */
export async function createEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const { python, folder, systemPackages = false, signal, launcher } = options;
  const venv = join(folder, 'venv');
  if (await exists(venv)) {
    throw new RunnerError('install_failed', `There is something at ${venv} already.`, { details: { venv } });
  }
  try {
    const args = ['-I', '-m', 'venv', '--without-pip', ...(systemPackages ? ['--system-site-packages'] : []), venv];
    const run = await runPython(python, args, {
      timeoutMs: TIMEOUT_MS,
      ...(launcher === undefined ? {} : { launcher }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (run.outcome === 'failed') {
      throw new RunnerError('install_failed', `The environment at ${venv} could not be built: ${run.reason}.`, {
        details: { exitCode: run.exitCode, tail: tailOf(run) },
      });
    }
    return { venv, python: pythonOf(venv) };
  } catch (error) {
    await rm(venv, { recursive: true, force: true });
    throw error;
  }
}

/** The interpreter of an environment. */
export const pythonOf = (venv: string): string => join(venv, 'bin', 'python');

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const TAIL_CHARACTERS = 4000;

/** The last of what a tool said, for a fault: what it complained about before what it did. */
export function tailOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  const text = stderr.trim() === '' ? stdout : `${stdout.slice(-TAIL_CHARACTERS / 2)}\n${stderr}`;
  return text.trim().slice(-TAIL_CHARACTERS);
}
