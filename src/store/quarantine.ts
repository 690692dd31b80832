import { createHash, randomBytes } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import {
  hidden,
  io,
  isTempName,
  kindOf,
  listIfThere,
  makeOwnFolder,
  nodeFileSystem,
  renameDurable,
  writeFileDurable,
} from './durable/index.js';
import type { FileSystem } from './durable/index.js';
import type { StoreLayout } from './layout.js';

/**
 * Bad files are kept for a person, never deleted: `aside/active-A01.json.3f2a9c1b20aa`.
 *
 * INVARIANTS
 * - A copy is named after its content, so that the same bad file met at every start is kept once.
 * - Whoever is about to overwrite a bad file keeps it aside first, and does not overwrite it if that fails.
 */

/** Keeps a copy; the file itself stays. @returns the path of the copy */
export async function copyAside(layout: StoreLayout, path: string, bytes: Uint8Array, fs: FileSystem): Promise<string> {
  const copy = asidePath(layout, path, createHash('sha256').update(bytes).digest('hex').slice(0, 12));
  if ((await kindOf(copy, fs)) === 'file') return copy;
  await hidden(async () => {
    await makeOwnFolder(layout.aside, fs);
    await writeFileDurable(copy, bytes, { mode: 0o600 }, fs);
  });
  return copy;
}

/** Moves whatever lies at `path` (a folder, a link, a huge file) out of the way. @returns where it is now */
export async function moveAside(layout: StoreLayout, path: string, fs: FileSystem): Promise<string> {
  const target = asidePath(layout, path, randomBytes(6).toString('hex'));
  await makeOwnFolder(layout.aside, fs);
  await renameDurable(path, target, fs);
  return target;
}

/** @property name in `aside/`; @property at when it was set aside, ISO 8601; @property size in bytes */
export interface AsideFile {
  readonly name: string;
  readonly at: string;
  readonly size: number;
}

/** What is kept for a person, the latest first. Needs no lock. @throws RunnerError store_io_failed */
export async function listAside(layout: StoreLayout, fs: FileSystem = nodeFileSystem): Promise<readonly AsideFile[]> {
  const files: (AsideFile & { readonly changedMs: number })[] = [];
  if ((await kindOf(layout.aside, fs)) !== 'folder') return [];
  for (const { name } of await listIfThere(layout.aside, fs)) {
    if (isTempName(name)) continue;
    const path = join(layout.aside, name);
    const { changedMs, size } = await io('stat', path, () => fs.facts(path));
    files.push({ name, at: new Date(changedMs).toISOString(), size, changedMs });
  }
  files.sort((a, b) => b.changedMs - a.changedMs || (a.name < b.name ? -1 : 1));
  return files.map(({ name, at, size }) => ({ name, at, size }));
}

function asidePath(layout: StoreLayout, path: string, suffix: string): string {
  return join(layout.aside, `${relative(layout.root, path).split(sep).join('-')}.${suffix}`);
}
