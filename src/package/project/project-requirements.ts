import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import { runPython } from '../python/run-python.js';
import { parseRequirements, readRequirementsFile } from '../requirements/parse-requirements.js';
import type { Requirement } from '../requirements/parse-requirements.js';
import { SDK } from '../sdk.js';

export interface ProjectRequirements {
  readonly text: string;
  readonly requirements: readonly Requirement[];
  readonly warnings: readonly string[];
  /** Lines for the pip that fetches: where to look. They stay out of the package. */
  readonly options: readonly string[];
}

export interface RequirementsSource {
  readonly project: string;
  /** Another file than the project's own. */
  readonly requirements?: string;
  /** Ask the interpreter what it has installed when there is no file. */
  readonly autoFreeze?: boolean;
  python(): Promise<string>;
}

/** @throws RunnerError invalid_zip for a file that is missing or not strictly pinned */
export async function readRequirements(source: RequirementsSource): Promise<ProjectRequirements> {
  const path = source.requirements ?? join(source.project, PACKAGE_FILES.requirements);
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes !== undefined) {
    const { text, requirements, options } = readRequirementsFile(bytes);
    return { text, requirements, warnings: [], options };
  }
  if (source.autoFreeze === true && source.requirements === undefined) return freeze(await source.python());
  throw new RunnerError('invalid_zip', `There is no ${path}.`, {
    hint: 'Write one, empty if nothing is needed, or use --auto-freeze to take what the interpreter has installed.',
    details: { check: 'requirements', path },
  });
}

/**
 * What an interpreter has installed. What came from a file there (everything in a conda environment) is pinned to its
 * version; other lines that are not pinned to an index version are left out and told.
 */
async function freeze(python: string): Promise<ProjectRequirements> {
  const lines = await pip(python, 'freeze');
  const isFromFile = (line: string): boolean => FROM_FILE.test(line);
  const versions = lines.some(isFromFile) ? await pip(python, 'list', '--format=freeze') : [];
  const warnings: string[] = [];
  const pinned = lines.flatMap((line) => {
    if (isPinned(line)) return [line];
    const [, name = ''] = FROM_FILE.exec(line) ?? [];
    const version = versions.find((other) => name !== '' && other.startsWith(`${name}==`) && isPinned(other));
    warnings.push(
      version === undefined
        ? `left out of requirements.txt, because it is not from an index: ${line}`
        : `${version} in requirements.txt was installed from a file of this machine: the wheel of that version is taken`,
    );
    return version ?? [];
  });
  const text = pinned.map((line) => `${line}\n`).join('');
  return { text, requirements: parseRequirements(Buffer.from(text)), options: [], warnings };
}

const FROM_FILE = /^(\S+) @ file:/;

async function pip(python: string, ...words: readonly string[]): Promise<readonly string[]> {
  const run = await runPython(python, ['-m', 'pip', ...words, '--disable-pip-version-check'], { env: process.env });
  if (run.outcome === 'failed') {
    throw new RunnerError('install_failed', `pip ${words[0] ?? ''} failed: ${run.reason}.`, { details: { python } });
  }
  return run.stdout.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

function isPinned(line: string): boolean {
  try {
    return parseRequirements(Buffer.from(line)).length === 1;
  } catch {
    return false;
  }
}

/** The text with a line for the SDK at its end. */
export function withSdk(text: string, version: string): string {
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${whole}${SDK.distribution}==${version}\n`;
}
