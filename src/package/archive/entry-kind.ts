import { refusal } from './refusal.js';

const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;
const SET_USER_ID = 0o4000;
const SPECIAL_BITS = 0o7000;
const ANY_EXECUTE = 0o111;
const DOS_FOLDER = 0x10;

export interface EntryKind {
  readonly kind: 'file' | 'folder';
  readonly executable: boolean;
}

/**
 * A plain file or a folder, told the same way by name, Unix mode and DOS attribute. The mode is read whatever system
 * the entry claims to come from, because other readers do so too.
 *
 * @throws RunnerError invalid_zip for links, devices, pipes, sockets, set-id bits and contradictions
 */
export function kindOf(name: string, externalAttributes: number): EntryKind {
  const mode = externalAttributes >>> 16;
  const kind = name.endsWith('/') ? 'folder' : 'file';
  const type = mode & TYPE_MASK;
  if (type === LINK) throw refusal('link', 'is a symbolic link', name);
  if (type !== 0 && type !== REGULAR && type !== FOLDER) {
    throw refusal('special_file', 'is a device, pipe or socket', name);
  }
  const says = type === FOLDER || (externalAttributes & DOS_FOLDER) !== 0 ? 'folder' : 'file';
  if ((says === 'folder' && kind === 'file') || (type === REGULAR && kind === 'folder')) {
    throw refusal(
      'kind_mismatch',
      `is a ${kind} by its name and a ${kind === 'file' ? 'folder' : 'file'} by its mode`,
      name,
    );
  }
  // Folders of shared projects carry the set-group-id bit and nobody means harm; modes of folders are never applied.
  const forbidden = kind === 'file' ? SPECIAL_BITS : SET_USER_ID;
  if ((mode & forbidden) !== 0) throw refusal('unsafe_mode', 'has a set-user-id, set-group-id or sticky bit', name);
  return { kind, executable: kind === 'file' && (mode & ANY_EXECUTE) !== 0 };
}
