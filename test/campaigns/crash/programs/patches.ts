/**
 * The calls of Node that change files or start processes, and what each of them is about.
 *
 * A composite call (`rm` of a tree, `writeFile`) counts as one: what it does inside cannot be seen from here.
 */
import fs, { constants, readlinkSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

type Arguments = readonly unknown[];

/** `nameOf`: null where the call changes nothing. `data`: which argument holds the bytes, if it writes some. */
export interface Patch {
  readonly method: string;
  readonly nameOf: (args: Arguments) => string | null;
  readonly pathOf: (self: unknown, args: Arguments) => string;
  readonly data?: number;
}

/** Where the name of what is changed stands among the arguments. */
const BY_PATH: Readonly<Record<string, number>> = {
  appendFile: 0,
  chmod: 0,
  chown: 0,
  copyFile: 1,
  cp: 1,
  lchmod: 0,
  lchown: 0,
  link: 1,
  lutimes: 0,
  mkdir: 0,
  mkdtemp: 0,
  rename: 1,
  rm: 0,
  rmdir: 0,
  symlink: 1,
  truncate: 0,
  unlink: 0,
  utimes: 0,
  writeFile: 0,
};
const WITH_DATA = ['write', 'writeFile'];

/** Methods of `fs` that take a descriptor, and of FileHandle, by the name of the call. */
const BY_DESCRIPTOR = {
  fchmod: 'chmod',
  fchown: 'chown',
  fdatasync: 'fsync',
  fsync: 'fsync',
  ftruncate: 'truncate',
  futimes: 'utimes',
  write: 'write',
  writev: 'write',
};
const OF_HANDLE = {
  appendFile: 'appendFile',
  chmod: 'chmod',
  chown: 'chown',
  datasync: 'fsync',
  sync: 'fsync',
  truncate: 'truncate',
  utimes: 'utimes',
  write: 'write',
  writeFile: 'writeFile',
  writev: 'write',
};

const OPEN: Patch = { method: 'open', nameOf: (args) => openName(args[1]), pathOf: (_, args) => pathText(args[0]) };

/** For `fs` (with and without `Sync`) and, by path only, for `fs.promises`. */
export const PATH_PATCHES: readonly Patch[] = [
  OPEN,
  ...Object.entries(BY_PATH).map(([method, at]) => ({
    method,
    nameOf: () => method,
    pathOf: (_: unknown, args: Arguments) => pathText(args[at]),
    ...dataAt(method, 1),
  })),
];

export const DESCRIPTOR_PATCHES: readonly Patch[] = Object.entries(BY_DESCRIPTOR).map(([method, name]) => ({
  method,
  nameOf: () => name,
  pathOf: (_, args) => descriptorPath(args[0]),
  ...dataAt(method, 1),
}));

export const HANDLE_PATCHES: readonly Patch[] = Object.entries(OF_HANDLE).map(([method, name]) => ({
  method,
  nameOf: () => name,
  pathOf: (self) => descriptorPath((self as FileHandle).fd),
  ...dataAt(method, 0),
}));

/** `ChildProcess.prototype.spawn`, which every way to start a process goes through; the store's path tells what for. */
export const spawnPatch = (store: string): Patch => ({
  method: 'spawn',
  nameOf: () => 'spawn',
  pathOf: (_, [options]) => {
    const { file, args = [] } = options as { readonly file: string; readonly args?: readonly string[] };
    return [...args].reverse().find((argument) => argument.startsWith(`${store}/`)) ?? file;
  },
});

function dataAt(method: string, at: number): { readonly data?: number } {
  return WITH_DATA.includes(method) ? { data: at } : {};
}

function openName(flags: unknown): string | null {
  if (typeof flags === 'string') return /[wa]/.test(flags) ? 'create' : flags.includes('+') ? 'open' : null;
  if (typeof flags !== 'number') return null;
  if ((flags & constants.O_CREAT) !== 0) return 'create';
  return (flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_TRUNC)) === 0 ? null : 'open';
}

function pathText(path: unknown): string {
  if (typeof path === 'number') return descriptorPath(path);
  if (typeof path === 'object' && path !== null && 'fd' in path) return descriptorPath(path.fd);
  return path instanceof URL ? path.pathname : String(path);
}

const readlink = readlinkSync;

function descriptorPath(fd: unknown): string {
  try {
    return readlink(`/proc/self/fd/${String(fd)}`);
  } catch {
    return '';
  }
}

/** What a patched call does instead when it is cut short: half of its bytes, to where they were meant to go. */
export function writeHalf(self: unknown, args: Arguments, data: number): void {
  const bytes = halfOf(args[data], args[data + 1], args[data + 2]);
  const target = data === 0 ? (self as FileHandle).fd : args[0];
  if (typeof target === 'number') return void writeSync(target, bytes);
  writeFileSync(pathText(target), bytes);
}

const { writeSync, writeFileSync } = fs;

function halfOf(data: unknown, offset: unknown, length: unknown): Uint8Array {
  if (!ArrayBuffer.isView(data)) return halved(Buffer.from(String(data)));
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const from = typeof offset === 'number' ? offset : 0;
  return halved(bytes.subarray(from, typeof length === 'number' ? from + length : undefined));
}

const halved = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);
