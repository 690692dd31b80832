import { constants } from 'node:fs';
import { basename, dirname, sep } from 'node:path';
import type { FileFacts, FileSystem, OpenFile } from '../../../src/store/index.js';
import { newFile, newFolder, overlay } from './power-loss-disk.js';
import type { Disk, File, Folder, Node } from './power-loss-disk.js';

/** What one process sees of a disk, until it dies. */
export interface Life extends FileSystem {
  /** Calls made so far. */
  readonly calls: number;
  /** Lets it die at so many calls from now. */
  dieAt(call: number): void;
  /** Lets it die at the first such call, as `fsync /store/active`. */
  dieBefore(call: string): void;
  /** Resolves with the call at which it died. */
  readonly death: Promise<string>;
}

/**
 * A process on a disk. The call at which it dies and every later one neither happen nor return, only a write may have
 * written a part. What it did before stays in the cache of the disk.
 */
export function liveOn(disk: Disk): Life {
  let calls = 0;
  let diesAt = Infinity;
  let diesBefore: string | undefined;
  let dead = false;
  let die: (at: string) => void;
  const death = new Promise<string>((resolve) => (die = resolve));

  async function call<T>(operation: string, path: string, work: () => T, half: () => unknown = noop): Promise<T> {
    await Promise.resolve();
    if (dead) return never();
    calls += 1;
    if (calls < diesAt && `${operation} ${path}` !== diesBefore) return work();
    half();
    dead = true;
    die(`call ${calls}: ${operation} ${path}`);
    return never();
  }

  function handle(path: string, node: Node, append: boolean): OpenFile {
    let position = 0;
    const write = (file: File, bytes: Buffer): number => {
      const at = append ? file.bytes.length : position;
      file.bytes = overlay(file.bytes, at, bytes);
      file.writes.push({ at, bytes });
      position = at + bytes.length;
      return bytes.length;
    };
    return {
      facts: () => call('fstat', path, () => factsOf(node)),
      read: (buffer, from) =>
        call('read', path, () => asFile(node, path).bytes.copy(buffer, 0, from, from + buffer.length)),
      write: (buffer) => {
        const bytes = Buffer.from(buffer);
        const part = bytes.subarray(0, bytes.length >> 1);
        const file = asFile(node, path);
        return call(
          'write',
          path,
          () => write(file, bytes),
          () => write(file, part),
        );
      },
      sync: () =>
        call('fsync', path, () => {
          if (node.kind === 'folder') return disk.syncNames(node);
          node.synced = node.bytes;
          node.writes = [];
        }),
      close: () => call('close', path, () => undefined),
    };
  }

  return {
    get calls() {
      return calls;
    },
    dieAt: (call) => (diesAt = calls + call),
    dieBefore: (call) => (diesBefore = call),
    death,
    open: (path, flags) =>
      call('open', path, () => handle(path, openNode(disk, path, flags), (flags & constants.O_APPEND) !== 0)),
    facts: (path) => call('lstat', path, () => factsOf(find(disk, path))),
    list: (path) =>
      call('readdir', path, () =>
        [...asFolder(find(disk, path), path).names].map(([name, { kind }]) => ({ name, kind })),
      ),
    makeFolder: (path) =>
      call('mkdir', path, () => {
        const to = place(disk, path);
        if (to.folder.names.has(to.name)) throw errno('EEXIST', path);
        disk.record({ node: newFolder(), to });
      }),
    room: () => Promise.resolve({ freeBytes: 2 ** 40, freeEntries: 2 ** 20 }),
    removeFolder: (path) =>
      call('rmdir', path, () => {
        const node = asFolder(find(disk, path), path);
        if (node.names.size > 0) throw errno('ENOTEMPTY', path);
        disk.record({ node, from: place(disk, path) });
      }),
    removeFile: (path) =>
      call('unlink', path, () => disk.record({ node: asFile(find(disk, path), path), from: place(disk, path) })),
    rename: (from, to) => call('rename', to, () => rename(disk, from, to)),
  };
}

/** Everything that can be read of a disk, by path. */
export function contentOf(disk: Disk): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (folder: Folder, path: string): void => {
    for (const [name, node] of [...folder.names].sort()) {
      found[`${path}${name}`] = node.kind === 'file' ? node.bytes.toString('latin1') : 'folder';
      if (node.kind === 'folder') walk(node, `${path}${name}/`);
    }
  };
  walk(disk.root, '/');
  return found;
}

function openNode(disk: Disk, path: string, flags: number): Node {
  const { folder, name } = path === sep ? { folder: disk.root, name: '' } : place(disk, path);
  const there = path === sep ? disk.root : folder.names.get(name);
  if (there !== undefined) {
    if ((flags & constants.O_EXCL) !== 0) throw errno('EEXIST', path);
    if ((flags & constants.O_DIRECTORY) !== 0) return asFolder(there, path);
    return there;
  }
  if ((flags & constants.O_CREAT) === 0) throw errno('ENOENT', path);
  const node = newFile();
  disk.record({ node, to: { folder, name } });
  return node;
}

/** The refusals in the order in which Linux finds them. */
function rename(disk: Disk, from: string, to: string): void {
  const here = place(disk, from);
  const there = place(disk, to);
  const node = find(disk, from);
  if (isWithin(to, from)) throw errno('EINVAL', to);
  if (isWithin(from, to)) throw errno('ENOTEMPTY', to);
  const old = there.folder.names.get(there.name);
  if (old === node) return;
  if (old !== undefined && old.kind !== node.kind) throw errno(old.kind === 'folder' ? 'EISDIR' : 'ENOTDIR', to);
  if (old?.kind === 'folder' && old.names.size > 0) throw errno('ENOTEMPTY', to);
  disk.record({ node, from: here, to: there });
}

function isWithin(path: string, folder: string): boolean {
  return path.startsWith(`${folder}${sep}`);
}

function find(disk: Disk, path: string): Node {
  let node: Node = disk.root;
  for (const name of path.split(sep).filter((part) => part !== '')) {
    const next: Node | undefined = asFolder(node, path).names.get(name);
    if (next === undefined) throw errno('ENOENT', path);
    node = next;
  }
  return node;
}

function place(disk: Disk, path: string): { folder: Folder; name: string } {
  return { folder: asFolder(find(disk, dirname(path)), path), name: basename(path) };
}

function asFolder(node: Node, path: string): Folder {
  if (node.kind === 'file') throw errno('ENOTDIR', path);
  return node;
}

function asFile(node: Node, path: string): File {
  if (node.kind === 'folder') throw errno('EISDIR', path);
  return node;
}

function factsOf(node: Node): FileFacts {
  const size = node.kind === 'file' ? node.bytes.length : 0;
  return { kind: node.kind, size, modifiedMs: 0, changedMs: 0, inode: node.inode };
}

function errno(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

const noop = (): void => undefined;
const never = <T>(): Promise<T> => new Promise<T>(noop);
