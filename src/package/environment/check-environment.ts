import { createHash } from 'node:crypto';
import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { STARTUP_BYTES_MAX, isKnownStartup } from '../wheels/startup-files.js';
import { whyProtected } from './protected-commands.js';

/*
 * What an installer made of the wheels, looked at on disk. Wheels are judged by their files before they are installed,
 * but an installer may read them in another way than we do: only what lies there in the end counts.
 *
 * INVARIANTS
 * - All an environment held when it was new (interpreter, links, activation, setup) is byte for byte what it was.
 * - Nothing new bears a name of the interpreter or of a command of the host, runs at the start of every interpreter,
 *   or is a link.
 */

/** An environment as it was when it was new: what lies at each path in it. */
export type EnvironmentFacts = ReadonlyMap<string, string>;

/** A new environment without pip holds some twenty files. */
export async function environmentFacts(venv: string): Promise<EnvironmentFacts> {
  const facts = new Map<string, string>();
  for await (const { path } of walk(venv)) facts.set(relative(venv, path), await factOf(path));
  return facts;
}

/**
 * @param own distributions that may bring commands of their own: pip its own name
 * @throws RunnerError install_failed naming the first path that is not as it must be
 */
export async function checkEnvironment(venv: string, before: EnvironmentFacts, own: readonly string[]): Promise<void> {
  for (const [path, fact] of before) {
    const now = await factOf(join(venv, path)).catch(() => 'nothing');
    if (now !== fact) throw changed(`venv/${path}`, 'is not what it was when the environment was new');
  }
  for await (const { path, kind } of walk(venv)) {
    const inside = relative(venv, path);
    if (before.has(inside)) continue;
    if (kind === 'other') throw changed(`venv/${inside}`, 'is a link or a device, which no wheel can hold');
    const reason = await whyNotNew(inside, path, own);
    if (reason !== undefined) throw changed(`venv/${inside}`, reason);
  }
}

/**
 * @param folder what the environment lies in
 * @throws RunnerError install_failed when something else lies beside it now than before
 */
export async function checkBeside(folder: string, before: readonly string[]): Promise<void> {
  const now = await readdir(folder);
  const [path] = [...now.filter((name) => !before.includes(name)), ...before.filter((name) => !now.includes(name))];
  if (path !== undefined) throw changed(path, 'lies outside the environment');
}

const AMONG_MODULES = /^lib(?:64)?\/[^/]+\/(?:site-packages\/)?([^/]+)$/;

async function whyNotNew(inside: string, path: string, own: readonly string[]): Promise<string | undefined> {
  const [top = '', name = '', ...deeper] = inside.split('/');
  if (top === 'bin' && deeper.length === 0) {
    const isOwn = own.includes('pip') && /^pip[\d.]*$/.test(name);
    return isOwn ? undefined : whyProtected(name);
  }
  const module = AMONG_MODULES.exec(inside)?.[1] ?? '';
  const atStart = 'would run in every interpreter at its start';
  if (/^(site|user)customize($|\.)/i.test(module)) return atStart;
  if (!module.toLowerCase().endsWith('.pth')) return undefined;
  const { size } = await lstat(path);
  const isKnown = size <= STARTUP_BYTES_MAX && isKnownStartup(module, await readFile(path, 'utf8'));
  return isKnown ? undefined : atStart;
}

interface Found {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
}

async function* walk(root: string): AsyncGenerator<Found, void, undefined> {
  const folders = [root];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
      if (kind === 'folder') folders.push(path);
      yield { path, kind };
    }
  }
}

async function factOf(path: string): Promise<string> {
  const stats = await lstat(path);
  const mode = (stats.mode & 0o7777).toString(8);
  if (stats.isSymbolicLink()) return `link to ${await readlink(path)}`;
  if (stats.isDirectory()) return `folder ${mode}`;
  if (!stats.isFile()) return 'neither file nor folder';
  const digest = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return `file ${mode} ${digest}`;
}

const changed = (path: string, reason: string): RunnerError =>
  new RunnerError('install_failed', `Installing the wheels touched ${path}, which ${reason}.`, {
    hint: 'Find the wheel that brings it and leave it out; nothing of this installation is kept.',
    details: { check: 'environment', path },
  });
