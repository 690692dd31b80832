import { both, reading, withEntry, withMode } from './hostile-zip.js';
import type { HostileZip } from './hostile-zip.js';

/** Entries that are no plain files or folders, or packed in a way not everybody can read. */
export const KINDS: readonly HostileZip[] = [
  withMode('is a symbolic link', 'link', 0o120777),
  withMode('is a symbolic link that looks like a folder', 'link', 0o120777, 'a/'),
  withMode('is a character device', 'special_file', 0o020666),
  withMode('is a block device', 'special_file', 0o060666),
  withMode('is a named pipe', 'special_file', 0o010666),
  withMode('is a socket', 'special_file', 0o140666),
  withMode('sets the user id', 'unsafe_mode', 0o104755),
  withMode('sets the group id', 'unsafe_mode', 0o102755),
  withMode('is sticky', 'unsafe_mode', 0o101644),
  withMode('is a folder that sets the user id', 'unsafe_mode', 0o044755, 'a/'),
  withMode('is a folder by its mode and a file by its name', 'kind_mismatch', 0o040755),
  withMode('is a file by its mode and a folder by its name', 'kind_mismatch', 0o100644, 'a/'),
  reading(
    'is a folder by its DOS attribute and a file by its name',
    'kind_mismatch',
    withEntry({ name: 'a', data: 'x', mode: 0, dosAttributes: 0x10 }),
    'a',
  ),
  reading('is a folder with data', 'kind_mismatch', withEntry({ name: 'a/', data: 'hidden' }), 'a/'),
  reading('is encrypted', 'encrypted', withEntry({ name: 'a', data: 'x', flags: 0x1 }), 'a'),
  reading('has a masked directory', 'encrypted', withEntry({ name: 'a', data: 'x', flags: 0x2000 }), 'a'),
  reading('is strongly encrypted', 'directory', withEntry({ name: 'a', data: 'x', flags: 0x41 })),
  reading(
    'is packed with bzip2',
    'compression_method',
    withEntry({ name: 'a', data: 'x', claims: { method: 12 } }),
    'a',
  ),
  reading(
    'is packed with zstd',
    'compression_method',
    withEntry({ name: 'a', data: 'x', claims: { method: 93 } }),
    'a',
  ),
];

/** Entries that would meet in one place on some file system. */
export const TWINS: readonly HostileZip[] = [
  both('is there twice', 'duplicate', 'a.txt', 'a.txt'),
  both('is a folder that is there twice', 'duplicate', 'a/', 'a/'),
  both('differs from another in case only', 'collision', 'Readme.md', 'README.md'),
  both('lies in a folder that differs in case only', 'collision', 'Src/a.py', 'src/b.py'),
  both('differs from another in Unicode composition only', 'collision', 'caf\u00e9', 'cafe\u0301'),
  both('differs from another by a sharp s', 'collision', 'gru\u00df', 'GRUSS'),
  both('is a file where another needs a folder', 'file_and_folder', 'a/b', 'a'),
  both('needs a folder where another is a file', 'file_and_folder', 'a', 'a/b'),
  both('is both folder and file', 'file_and_folder', 'a', 'a/'),
];
