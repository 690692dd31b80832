import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { normaliseName } from '../requirements/project-name.js';
import { toolEnvironment } from '../python/environment.js';
import { runPython } from '../python/run-python.js';
import type { Launcher } from '../python/run-python.js';
import type { PinnedWheel } from '../wheels/pinned-wheel.js';
import { checkBeside, checkEnvironment, environmentFacts } from './check-environment.js';
import { pythonOf, tailOf } from './create-environment.js';

export interface InstallOptions {
  /** The base interpreter: its pip installs into the environment, which has none. */
  readonly python: string;
  readonly venv: string;
  readonly wheelsFolder: string;
  /** Everything to install, as validation chose it; nothing else is looked for. */
  readonly requirements: readonly PinnedWheel[];
  /** Folder for the list pip gets; the system's temporary folder when left out. */
  readonly scratch?: string;
  /** See RunOptions. */
  readonly launcher?: Launcher;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: InstallProgress) => void;
}

export interface InstallProgress {
  /** Wheels verified, then all installed. */
  readonly done: number;
  readonly total: number;
  readonly percent: number;
}

const TIMEOUT_MS = 30 * 60_000;

/*
 * INVARIANTS
 * - pip gets a list we wrote: name, version and the hash of the very file that was validated. It cannot reach the
 *   network, run code of a package, or install anything that is not on the list.
 * - What it made is looked at afterwards: it may have read a wheel in another way than we did.
 */

/**
 * Installs the wheels of a deployed package: pip is not a sandbox, so it is told everything and trusted with nothing.
 *
 * @throws RunnerError wheels_missing naming the requirement, install_failed with `details.tail`; the signal's reason
 * when aborted. The environment is then of no use and the caller removes it.
 */
export async function installWheels(options: InstallOptions): Promise<void> {
  const { python, venv, requirements, signal, onProgress, scratch = tmpdir(), launcher } = options;
  if (requirements.length === 0) return;
  const before = await environmentFacts(venv);
  const beside = await readdir(dirname(venv));
  const folder = await mkdtemp(join(scratch, 'procvision-install-'));
  try {
    const list = join(folder, 'requirements.txt');
    await writeFile(list, requirements.map(pinnedLine).join(''));
    const run = await runPython(python, pipArguments(options, list), {
      timeoutMs: TIMEOUT_MS,
      ...(launcher === undefined ? {} : { launcher }),
      cwd: folder,
      env: toolEnvironment(),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onLine: progressReader(requirements.length, onProgress) }),
    });
    if (run.outcome === 'failed') throw installFailure(run, venv);
    await checkBeside(dirname(venv), beside);
    await checkEnvironment(
      venv,
      before,
      requirements.map(({ name }) => normaliseName(name)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const pinnedLine = ({ name, version, sha256 }: PinnedWheel): string => `${name}==${version} --hash=sha256:${sha256}\n`;

function pipArguments({ venv, wheelsFolder }: InstallOptions, list: string): string[] {
  const isolation = ['-I', '-m', 'pip', '--isolated', '--python', pythonOf(venv), '--disable-pip-version-check'];
  const quiet = ['--no-input', '--no-color', '--progress-bar', 'off', '--no-warn-script-location'];
  const sources = ['--no-index', '--no-cache-dir', '--find-links', wheelsFolder, '--only-binary', ':all:'];
  // The list is complete, so pip need not resolve; byte code is made at first import instead of for every file.
  // What the base interpreter has of the same does not count: the package brings its own.
  const work = ['--no-deps', '--no-compile', '--ignore-installed', '--require-hashes', '-r', list];
  return [...isolation, 'install', ...quiet, ...sources, ...work];
}

function progressReader(total: number, onProgress: (progress: InstallProgress) => void): (line: string) => void {
  let done = 0;
  const report = (percent: number): void => onProgress({ done, total, percent: Math.round(percent) });
  return (line) => {
    if (line.startsWith('Processing ')) {
      done = Math.min(done + 1, total);
      report((done / total) * 50);
    } else if (line.startsWith('Successfully installed')) {
      done = total;
      report(100);
    }
  };
}

interface FailedRun {
  readonly reason: string;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function installFailure(run: FailedRun, venv: string): RunnerError {
  const tail = tailOf(run);
  const details = { exitCode: run.exitCode, tail };
  const [, requirement] = /No matching distribution found for (\S+)/.exec(run.stderr) ?? [];
  const [, complaint] = /has invalid metadata: (.+)/.exec(run.stderr) ?? [];
  if (requirement !== undefined && complaint !== undefined) {
    return new RunnerError(
      'install_failed',
      `The pip of this Python refuses the metadata of ${requirement}: ${complaint}.`,
      {
        hint: 'Pin a newer version of it, whose metadata is sound; or have the host offer a Python with a pip older than 24.1.',
        details,
      },
    );
  }
  if (requirement !== undefined) {
    return new RunnerError('wheels_missing', `The installer found no wheel for ${requirement} in wheels/.`, {
      details: { ...details, missing: [{ requirement, wantedBy: 'the package' }] },
    });
  }
  return new RunnerError('install_failed', `Installing the wheels into ${venv} failed: ${run.reason}.`, { details });
}
