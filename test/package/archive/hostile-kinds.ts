import { extraField } from '../support/zip-bytes.js';
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
  reading('is strongly encrypted', 'encrypted', withEntry({ name: 'a', data: 'x', flags: 0x41 }), 'a'),
  reading('is a patch by its flag', 'flags', withEntry({ name: 'a', data: 'x', flags: 0x20 }), 'a'),
  reading('is deflated in an enhanced way', 'flags', withEntry({ name: 'a', data: 'x', flags: 0x10 }), 'a'),
  reading('has a flag nobody knows', 'flags', withEntry({ name: 'a', data: 'x', flags: 0x4000 }), 'a'),
  reading(
    'is encrypted by an extra field',
    'encrypted',
    withEntry({ name: 'a', data: 'x', extra: extraField(0x9901, Buffer.from('0200414503', 'hex')) }),
    'a',
  ),
  reading(
    'is strongly encrypted by an extra field in its local header only',
    'encrypted',
    withEntry({ name: 'a', data: 'x', local: { extra: extraField(0x0017, Buffer.alloc(8)) } }),
    'a',
  ),
  reading(
    'is a patch by an extra field',
    'extra_field',
    withEntry({ name: 'a', data: 'x', extra: extraField(0x000f, Buffer.alloc(8)) }),
    'a',
  ),
  reading(
    'is a link by the extra field of PKWARE',
    'link',
    withEntry({
      name: 'a',
      data: '',
      extra: extraField(0x000d, Buffer.concat([Buffer.alloc(12), Buffer.from('/etc')])),
    }),
    'a',
  ),
  reading(
    'is a link by the extra field of Info-ZIP',
    'link',
    withEntry({ name: 'a', data: '', local: { extra: asi(0o120777, '/etc') } }),
    'a',
  ),
  reading('is a device by an extra field', 'link', withEntry({ name: 'a', data: '', extra: asi(0o020666) }), 'a'),
  reading(
    'is a folder whose packed data is not empty',
    'kind_mismatch',
    withEntry({ name: 'a/', data: '', raw: Buffer.from('hidden'), claims: { method: 8 } }),
    'a/',
  ),
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

/** Checksum, mode, device, user, group, and what a link leads to. */
function asi(mode: number, target = ''): Buffer {
  const field = Buffer.alloc(14);
  field.writeUInt16LE(mode, 4);
  return extraField(0x756e, Buffer.concat([field, Buffer.from(target)]));
}

/** Entries that would meet in one place on some file system. */
export const TWINS: readonly HostileZip[] = [
  both('is there twice', 'duplicate', 'a.txt', 'a.txt'),
  both('is a folder that is there twice', 'duplicate', 'a/', 'a/'),
  both('differs from another in case only', 'collision', 'Readme.md', 'README.md'),
  both('lies in a folder that differs in case only', 'collision', 'Src/a.py', 'src/b.py'),
  both('differs from another in Unicode composition only', 'collision', 'caf\u00e9', 'cafe\u0301'),
  both('differs from another by a sharp s', 'collision', 'gru\u00df', 'GRUSS'),
  both('differs from another by a joiner only', 'collision', 'ab', 'a\u200db'),
  both('differs from another by the kind of its blank', 'collision', 'a b', 'a\u00a0b'),
  both('differs from another by the order of its accents', 'collision', 'a\u0323\u0307', 'a\u0307\u0323'),
  both('differs from another by a grapheme joiner', 'collision', 'a\ufe0f', 'a'),
  both('becomes another where a system takes no question mark', 'collision', 'a_b', 'a?b'),
  both('is a file where another needs a folder', 'file_and_folder', 'a/b', 'a'),
  both('needs a folder where another is a file', 'file_and_folder', 'a', 'a/b'),
  both('is both folder and file', 'file_and_folder', 'a', 'a/'),
];
