/**
 * A disk whose cache can be lost: what was written is kept apart from what was synced.
 *
 * What a power loss may leave (a journalling file system at its worst):
 * - Of the changes of names that no fsync of their folder has covered, any subset, in any order but that of one name: a
 *   rename survives whose file was never written, a removal comes undone, a single file of many is missing.
 * - A rename is done or not, never half: no file system could be written to otherwise.
 * - Of the bytes no fsync of their file has covered, any part: lost, cut short, or zeros in their place.
 * - What was synced is there, byte for byte.
 */
export interface Disk {
  readonly root: Folder;
  record(change: NameChange): void;
  /** fsync of a folder. */
  syncNames(folder: Folder): void;
  /** @param random a number in [0, 1) */
  losePower(random: () => number): void;
}

export interface File {
  readonly kind: 'file';
  readonly inode: number;
  bytes: Buffer;
  synced: Buffer;
  /** Since the last fsync. */
  writes: { readonly at: number; readonly bytes: Buffer }[];
}

export interface Folder {
  readonly kind: 'folder';
  readonly inode: number;
  names: Map<string, Node>;
  /** As they were on the disk after the last power loss; the changes since then are kept by the disk. */
  synced: Map<string, Node>;
}

export type Node = File | Folder;

/** A name that appears, one that goes, or both at once. */
export interface NameChange {
  readonly node: Node;
  readonly to?: { readonly folder: Folder; readonly name: string };
  readonly from?: { readonly folder: Folder; readonly name: string };
}

let inodes = 0;

export const newFile = (): File => ({
  kind: 'file',
  inode: (inodes += 1),
  bytes: Buffer.alloc(0),
  synced: Buffer.alloc(0),
  writes: [],
});

export const newFolder = (): Folder => ({
  kind: 'folder',
  inode: (inodes += 1),
  names: new Map(),
  synced: new Map(),
});

export function newDisk(): Disk {
  const root = newFolder();
  let changes: { readonly change: NameChange; safe: boolean }[] = [];
  return {
    root,
    record(change) {
      apply(change, 'names');
      changes.push({ change, safe: false });
    },
    syncNames(folder) {
      for (const entry of changes) {
        const { to, from } = entry.change;
        if (to?.folder === folder || from?.folder === folder) entry.safe = true;
      }
    },
    losePower(random) {
      const mood = [0, 0.5, 0.5, 0.9, 1][Math.floor(random() * 5)] ?? 0; // from nothing survives to everything does
      for (const { change, safe } of changes) if (safe || random() < mood) apply(change, 'synced');
      changes = [];
      settle(root, random);
    },
  };
}

/** Another disk with the same content, all of it synced. */
export function copyOf({ root }: Disk): Disk {
  const disk = newDisk();
  const copy = (from: Folder, to: Folder): void => {
    for (const [name, node] of from.names) {
      const twin = node.kind === 'file' ? { ...newFile(), bytes: node.bytes, synced: node.bytes } : newFolder();
      to.names.set(name, twin);
      to.synced.set(name, twin);
      if (node.kind === 'folder' && twin.kind === 'folder') copy(node, twin);
    }
  };
  copy(root, disk.root);
  return disk;
}

function apply({ node, to, from }: NameChange, which: 'names' | 'synced'): void {
  to?.folder[which].set(to.name, node);
  if (from?.folder[which].get(from.name) === node) from.folder[which].delete(from.name);
}

/** What is on the disk becomes all there is. */
function settle(node: Node, random: () => number): void {
  switch (node.kind) {
    case 'file':
      node.bytes = whatIsLeft(node, random);
      node.synced = node.bytes;
      node.writes = [];
      break;
    case 'folder':
      node.names = new Map(node.synced);
      for (const child of node.names.values()) settle(child, random);
  }
}

function whatIsLeft({ synced, writes }: File, random: () => number): Buffer {
  const fate = random();
  let left = synced;
  for (const { at, bytes } of writes) {
    const own = fate < 0.3 ? 0 : fate < 0.5 ? 1 : random();
    if (own < 0.25) continue; // lost; 0.25 to 0.5: cut short; to 0.75: zeros; beyond: there
    const kept = own < 0.5 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
    left = overlay(left, at, own >= 0.5 && own < 0.75 ? Buffer.alloc(kept.length) : kept);
  }
  return left;
}

/** Bytes laid over others; a gap in between is zeros. */
export function overlay(under: Buffer, at: number, bytes: Buffer): Buffer {
  const result = Buffer.alloc(Math.max(under.length, at + bytes.length));
  under.copy(result);
  bytes.copy(result, at);
  return result;
}
