import type { ArchiveLimits } from './limits.js';

/** What the policy looks at; `details.check` of a refusal is one of these. */
export type ArchiveCheck =
  | 'unreadable'
  | 'not_a_zip'
  | 'truncated'
  | 'directory'
  | 'multi_disk'
  | 'prepended_data'
  | 'hidden_data'
  | 'trailing_data'
  | 'zip_size'
  | 'entry_count'
  | 'unsafe_path'
  | 'absolute_path'
  | 'parent_path'
  | 'backslash'
  | 'name_encoding'
  | 'unicode_path'
  | 'name_length'
  | 'depth'
  | 'link'
  | 'special_file'
  | 'unsafe_mode'
  | 'kind_mismatch'
  | 'encrypted'
  | 'compression_method'
  | 'duplicate'
  | 'collision'
  | 'file_and_folder'
  | 'local_header'
  | 'descriptor'
  | 'zip64'
  | 'extra_field'
  | 'flags'
  | 'reserved_name'
  | 'overlap'
  | 'file_size'
  | 'total_size'
  | 'ratio'
  | 'size_mismatch'
  | 'corrupt_data'
  | 'crc'
  | 'changed';

const RENAME =
  'Rename it where the package is made, and pack it again: a name has to mean the same file on every system.';
const COPY_AGAIN =
  'Copy or download the zip again; where the original fails too, pack it again with `procvision package`.';
const PACK_AGAIN =
  'Pack the files again with a plain tool, `procvision package` or `zip -r`: what this zip uses, readers take differently.';
const FILES_THEMSELVES = 'Pack the file itself in its place: links, devices and special permissions are not taken.';

const raise = (limit: keyof ArchiveLimits): string =>
  `Leave out what is not needed (.procvisionignore); where a package is to be that large, the host raises packageLimits.${limit}.`;

/** What helps, by what is wrong: none of them is done by the tool that made the zip, so none leads back to where it came from. */
export const ARCHIVE_HINTS: Readonly<Record<ArchiveCheck, string>> = {
  unreadable: 'Check the path and its permissions.',
  not_a_zip: COPY_AGAIN,
  truncated: COPY_AGAIN,
  directory: COPY_AGAIN,
  multi_disk: PACK_AGAIN,
  prepended_data: PACK_AGAIN,
  hidden_data: PACK_AGAIN,
  trailing_data: COPY_AGAIN,
  zip_size: raise('zipBytesMax'),
  entry_count: raise('entriesMax'),
  unsafe_path: RENAME,
  absolute_path: RENAME,
  parent_path: RENAME,
  backslash: 'Pack it with a tool that writes "/" between folders: `procvision package`, `zip -r`, 7-Zip.',
  name_encoding:
    'Rename it to ASCII, or pack it with a tool that writes UTF-8 names: `procvision package`, `zip -r`, `7z -mcu=on`.',
  unicode_path: PACK_AGAIN,
  name_length: RENAME,
  depth: 'Move it to fewer folders deep where the package is made, and pack it again.',
  link: FILES_THEMSELVES,
  special_file: FILES_THEMSELVES,
  unsafe_mode: FILES_THEMSELVES,
  kind_mismatch: PACK_AGAIN,
  encrypted: 'Pack it again without a password.',
  compression_method:
    'Pack it again with the method "deflate", which is the default of `zip` and of `procvision package`.',
  duplicate: PACK_AGAIN,
  collision: 'Rename one of the two where the package is made, and pack it again.',
  file_and_folder: RENAME,
  local_header: COPY_AGAIN,
  descriptor: PACK_AGAIN,
  zip64: PACK_AGAIN,
  extra_field: PACK_AGAIN,
  flags: PACK_AGAIN,
  reserved_name: RENAME,
  overlap: PACK_AGAIN,
  file_size: raise('fileBytesMax'),
  total_size: raise('totalBytesMax'),
  ratio: raise('ratioMax'),
  size_mismatch: COPY_AGAIN,
  corrupt_data: COPY_AGAIN,
  crc: COPY_AGAIN,
  changed: 'Wait until nobody writes to the zip any more, then try again.',
};

/** Checks of size alone: a host may accept more. */
export const LIMIT_CHECKS: readonly string[] = [
  ...['zip_size', 'entry_count', 'file_size', 'total_size', 'ratio', 'budget', 'depth', 'name_length'],
];
