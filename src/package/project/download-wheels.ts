import { mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { tailOf } from '../environment/create-environment.js';
import type { EnvironmentNeed } from '../interpreter/environment-need.js';
import { runPython } from '../python/run-python.js';
import type { RunResult } from '../python/run-python.js';
import type { Requirement } from '../requirements/parse-requirements.js';

export interface DownloadOptions {
  readonly python: string;
  readonly requirements: readonly Requirement[];
  /** The machine the wheels are for; this one where nothing is said. */
  readonly target: EnvironmentNeed;
  /** Folders of wheels; with `offline` the only source. */
  readonly findLinks: readonly string[];
  readonly offline: boolean;
  /** Lines of the author's requirements.txt that say where to look; offline they do not count. */
  readonly pipOptions: readonly string[];
  /** Relative places in those lines are meant from here. */
  readonly project: string;
  /** An existing folder for temporary files; a folder inside it is returned. */
  readonly scratch: string;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 30 * 60_000;

/**
 * Fetches the wheels of all requirements and of what they need, by the pip of an interpreter and with the user's own
 * pip settings: this is the author's machine, and its index may be a mirror.
 *
 * @returns the folder that holds them
 * @throws RunnerError wheels_missing naming the requirement, install_failed with `details.tail`
 */
export async function downloadWheels(options: DownloadOptions): Promise<string> {
  const folder = await mkdtemp(join(options.scratch, 'download-'));
  const list = join(folder, 'requirements.in');
  await writeFile(
    list,
    (options.offline ? '' : linesOf(options.pipOptions, options.project)) + listOf(options.requirements),
  );
  const run = await runPython(options.python, pipArguments(options, folder, list), {
    env: process.env,
    // Not the project: its modules would come before Python's own.
    cwd: folder,
    timeoutMs: TIMEOUT_MS,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (run.outcome === 'done') return folder;

  throw whyNotFetched(run, options);
}

const NO_INDEX_REACHED =
  /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Name or service not known|name resolution|Connection refused|40[13] Client Error/;

function whyNotFetched(
  run: Extract<RunResult, { outcome: 'failed' }>,
  { offline, target, findLinks }: DownloadOptions,
): RunnerError {
  const details = { exitCode: run.exitCode, tail: tailOf(run) };
  const [, requirement] = /No matching distribution found for (\S+)/.exec(run.stderr) ?? [];
  const [trouble] = offline ? [] : (NO_INDEX_REACHED.exec(run.stderr) ?? []);
  if (trouble !== undefined) {
    return new RunnerError('install_failed', `The package index could not be reached to fetch wheels (${trouble}).`, {
      hint: 'Check the network and the settings of pip (pip config list); or put the wheels into wheels/ of the project and use --skip-download, or --find-links with --offline.',
      details,
    });
  }
  if (requirement === undefined) {
    return new RunnerError('install_failed', `Fetching the wheels failed: ${run.reason}.`, { details });
  }
  const where = offline ? `in the folders looked into (${findLinks.join(', ')})` : 'to be had';
  const message = `There is no wheel of ${requirement} for ${describeTarget(target)} ${where}.`;
  return new RunnerError('wheels_missing', message, {
    hint: `Pin a version that has one; or build one (pip wheel --no-deps --wheel-dir wheels "${requirement}") and keep it in wheels/ of the project.`,
    details,
  });
}

/** Only where to look: what a line says of building from source does not count here. */
const linesOf = (options: readonly string[], project: string): string =>
  options
    .filter((line) => !/^--(no|only)-binary|^--use-feature/.test(line))
    .map((line) => `${absolute(line, project)}\n`)
    .join('');

/** A folder of wheels is meant from where the requirements lie. */
function absolute(line: string, project: string): string {
  const [, option = '', place = ''] = /^(?:(-f|--find-links)[=\s]*)(.*)$/.exec(line) ?? [];
  return option === '' || place.includes('://') ? line : `--find-links ${resolve(project, place)}`;
}

/** Hashes only where every line has them: pip takes all or none. */
function listOf(requirements: readonly Requirement[]): string {
  const allHashed = requirements.every(({ hashes }) => hashes.length > 0);
  const hashesOf = ({ hashes }: Requirement): string =>
    allHashed ? hashes.map(({ algorithm, digest }) => ` --hash=${algorithm}:${digest}`).join('') : '';
  return requirements.map((requirement) => `${requirement.text}${hashesOf(requirement)}\n`).join('');
}

function pipArguments({ target, findLinks, offline }: DownloadOptions, folder: string, list: string): string[] {
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
  return [
    ...['-m', 'pip', '--disable-pip-version-check', '--no-input', '--no-color', 'download'],
    ...['--progress-bar', 'off', '--only-binary', ':all:', '--dest', folder, '--requirement', list],
    ...option('--platform', target.platform),
    ...option('--python-version', target.pythonVersion),
    ...option('--implementation', target.implementation),
    ...option('--abi', target.abi),
    ...(offline ? ['--no-index'] : []),
    ...findLinks.flatMap((each) => ['--find-links', each]),
  ];
}

function describeTarget({ pythonVersion, implementation, abi, platform }: EnvironmentNeed): string {
  const parts = [pythonVersion === undefined ? '' : `Python ${pythonVersion}`, implementation, abi, platform];
  const told = parts.filter((part) => part !== undefined && part !== '').join(', ');
  return told === '' ? 'this machine' : told;
}
