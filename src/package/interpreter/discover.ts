import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { mapLimited } from '../map-limited.js';
import type { Interpreter } from './interpreter.js';
import { probeInterpreter } from './probe.js';
import type { RejectedInterpreter } from './probe.js';

export interface DiscoverOptions {
  /** Exactly these, instead of a search. */
  readonly candidates?: readonly string[];
  /** The search path to look along; the process's own when absent. */
  readonly path?: string;
  /** Look at the usual places beside the path too; true when absent. */
  readonly wellKnown?: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface InterpreterSurvey {
  /** Working ones, each once; those of the path first, in its order. */
  readonly interpreters: readonly Interpreter[];
  readonly rejected: readonly RejectedInterpreter[];
}

const PROBES_AT_ONCE = 4;
const NAME = /^python3(\.\d+)?$/;

/** The Pythons of this machine that work. */
export async function discoverInterpreters(options: DiscoverOptions = {}): Promise<readonly Interpreter[]> {
  return (await surveyInterpreters(options)).interpreters;
}

/** Finds everything that looks like a Python and asks each once who it is; also tells what does not work, and why. */
export async function surveyInterpreters(options: DiscoverOptions = {}): Promise<InterpreterSurvey> {
  const { candidates, path = process.env['PATH'] ?? '', wellKnown = true, ...probing } = options;
  const folders = [
    ...path.split(delimiter).filter((folder) => folder !== ''),
    ...(wellKnown ? await usualFolders() : []),
  ];
  const found = candidates ?? (await pythonsIn(folders));
  const answers = await mapLimited(await distinct(found), PROBES_AT_ONCE, (each) => probeInterpreter(each, probing));
  const interpreters = new Map<string, Interpreter>();
  for (const answer of answers) {
    if ('reason' in answer) continue;
    const identity = `${answer.realExecutable}\0${answer.prefix}`;
    if (!interpreters.has(identity)) interpreters.set(identity, answer);
  }
  return { interpreters: [...interpreters.values()], rejected: answers.filter((answer) => 'reason' in answer) };
}

async function usualFolders(): Promise<string[]> {
  const home = homeOrRoot();
  const pyenv = join(home, '.pyenv', 'versions');
  const uv = join(home, '.local', 'share', 'uv', 'python');
  const condas = ['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge'].map((name) => join(home, name));
  return [
    '/usr/local/bin',
    '/usr/bin',
    '/opt/homebrew/bin',
    ...(await list(pyenv)).map((version) => join(pyenv, version, 'bin')),
    ...(await list(uv)).map((version) => join(uv, version, 'bin')),
    ...[...condas, '/opt/conda'].map((folder) => join(folder, 'bin')),
  ];
}

/** A user without an entry in passwd and without HOME has none, and no Python in it. */
function homeOrRoot(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

async function pythonsIn(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of new Set(folders)) {
    const names = (await list(folder)).filter((name) => NAME.test(name));
    // The plain name first: it is what the owner of the machine means by Python.
    found.push(...names.sort((a, b) => a.length - b.length || a.localeCompare(b)).map((name) => join(folder, name)));
  }
  return found;
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** One of all paths that lead to the same file. */
async function distinct(paths: readonly string[]): Promise<string[]> {
  const byFile = new Map<string, string>();
  for (const path of paths) {
    const file = await realpath(path).catch(() => path);
    if (!byFile.has(file)) byFile.set(file, path);
  }
  return [...byFile.values()];
}
