import { createHash } from 'node:crypto';
import { constants, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { openRegular, readRegular } from '../../base/files/index.js';
import { loopShareOf } from '../../platform/index.js';
import { hidden, writeFileDurable } from '../durable/index.js';
import { MARKER, RECORD } from './marker.js';

/**
 * What was installed of a release: every file with its hash, so that what was changed, added or taken away since is found
 * at a start. It tells of changes and does not prevent them: whoever may write the files may write this list.
 *
 * INVARIANTS
 * - A file is read again only when its size or one of its times differs; links are compared by where they lead.
 * - What an algorithm may well write is left out: byte code that Python keeps, and new files that hold no code.
 * - The event loop is not held: folders are gone through a few entries at a time.
 */
const LIST = '.installed-files.json';
const LIST_BYTES_MAX = 64 * 1024 * 1024;
const LEFT_OUT = new Set([LIST, RECORD, MARKER, 'wheels']);
const ENTRIES_AT_ONCE = 50;
const CHUNK_BYTES = 512 * 1024;
/** Larger ones are models and data: their size and times have to do. */
const HASHED_BYTES_MAX = 256 * 1024 * 1024;

/** By path in the release: what it is (a hash, or where a link leads) and the facts by which it is known unread. */
type Listed = Readonly<Record<string, readonly [content: string, facts: string]>>;

export interface AlteredFiles {
  /** Paths in the release, sorted: `+` added, `-` missing, `~` changed. */
  readonly files: readonly string[];
  /** Among them is what the Runner itself runs: the interpreter of the environment, or its settings. */
  readonly interpreter: boolean;
}

/** Lists what lies in a release that was just installed. @returns the hash of the list @throws RunnerError store_io_failed */
export async function listInstalledFiles(folder: string): Promise<string> {
  const listed: Record<string, readonly [string, string]> = {};
  for (const [path, facts] of await findFiles(folder)) listed[path] = [await contentOf(join(folder, path)), facts];
  const text = JSON.stringify(listed);
  await hidden(() => writeFileDurable(join(folder, LIST), text, {}));
  return createHash('sha256').update(text).digest('hex');
}

/** @returns null when all is as it was installed, or nothing is known of it (releases of an earlier Runner) */
export async function findAlteredFiles(folder: string): Promise<AlteredFiles | null> {
  const listed = await readList(folder);
  if (listed === null) return null;
  const there = await findFiles(folder);
  const files: string[] = [];
  for (const [path, facts] of there) {
    const known = Object.hasOwn(listed, path) ? listed[path] : undefined;
    if (known === undefined) {
      if (canRun(path, facts)) files.push(`+${path}`);
    } else if (known[1] !== facts && known[0] !== (await contentOf(join(folder, path)))) files.push(`~${path}`);
  }
  for (const path of Object.keys(listed)) if (!there.has(path)) files.push(`-${path}`);
  if (files.length === 0) return null;
  const interpreter = files.some((file) => /^[~-]venv\/(bin\/python[^/]*|pyvenv\.cfg)$/.test(file));
  return { files: files.sort(), interpreter };
}

/** Of a new file: code by its place, its name or its mode, or a link, which may lead to some. */
function canRun(path: string, facts: string): boolean {
  const mode = parseInt(facts.slice(facts.lastIndexOf(' ') + 1), 8);
  const isLink = (mode & constants.S_IFMT) === constants.S_IFLNK;
  return (
    path.startsWith('venv/bin/') || /\.(py|pyw|pyz|pth|so|sh)$|\.so\./.test(path) || isLink || (mode & 0o111) !== 0
  );
}

async function readList(folder: string): Promise<Listed | null> {
  try {
    return JSON.parse((await readRegular(join(folder, LIST), LIST_BYTES_MAX)).toString('utf8')) as Listed;
  } catch {
    return null;
  }
}

/** Every file and link, by its path in the folder. */
async function findFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const folders = [''];
  const note = (at: string, entry: Dirent): void => {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.name === '__pycache__' || entry.name.endsWith('.pyc') || LEFT_OUT.has(path)) return;
    if (entry.isDirectory()) folders.push(path);
    else found.set(path, factsOf(join(folder, path)));
  };
  for (const at of folders) {
    const entries = await loopShareOf(() => readdirSync(join(folder, at), { withFileTypes: true }));
    for (let i = 0; i < entries.length; i += ENTRIES_AT_ONCE)
      await loopShareOf(() => entries.slice(i, i + ENTRIES_AT_ONCE).forEach((entry) => note(at, entry)));
  }
  return found;
}

function factsOf(path: string): string {
  const { size, mtimeMs, ctimeMs, mode } = lstatSync(path);
  return `${size} ${mtimeMs} ${ctimeMs} ${mode.toString(8)}`;
}

async function contentOf(path: string): Promise<string> {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (!stats.isFile()) return `kind ${stats.mode & constants.S_IFMT}`;
  const mode = (stats.mode & 0o111) === 0 ? '' : ' x';
  if (stats.size > HASHED_BYTES_MAX) return `large ${stats.size} ${stats.mtimeMs}${mode}`;
  const handle = await openRegular(path);
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return `${hash.digest('hex')}${mode}`;
      hash.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
