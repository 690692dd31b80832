import { extraField, zip64End, zipBytes } from '../support/zip-bytes.js';
import { atEnd, cut, good, inZip64, reading, text, withEntry, zip64Size } from './hostile-zip.js';
import type { HostileZip } from './hostile-zip.js';

/** Files that are no zip, or more than one. */
export const ENVELOPES: readonly HostileZip[] = [
  reading('is empty', 'not_a_zip', () => Buffer.alloc(0)),
  reading('is a text', 'not_a_zip', () => Buffer.from('this is not a zip, but long enough to be one')),
  reading('is a picture', 'not_a_zip', () =>
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(500)]),
  ),
  reading('is cut off in its data', 'truncated', () => cut(zipBytes([good, { name: 'a', data: text }]), 0, 60)),
  reading('is cut off in its end record', 'truncated', () => cut(zipBytes([good]), 0, zipBytes([good]).length - 4)),
  reading('is cut off in its comment', 'truncated', () =>
    cut(zipBytes([good], { comment: Buffer.from('comment') }), 0, -3),
  ),
  reading('lost its beginning', 'truncated', () => cut(zipBytes([good, { name: 'a', data: text }]), 50)),
  atEnd('begins with something else', 'prepended_data', { prefix: Buffer.from('#!/bin/sh\nexit\n') }),
  reading('is two zips in one file', 'prepended_data', () => Buffer.concat([zipBytes([good]), zipBytes([good])])),
  reading('is two zips in one file with corrected offsets', 'prepended_data', () => {
    const first = zipBytes([{ name: 'manifest.json', data: '{"other": true}' }]);
    return zipBytes([good], { prefix: first });
  }),
  atEnd('is followed by something else', 'trailing_data', { suffix: Buffer.from('and more') }),
  reading(
    'hides a zip between two entries',
    'hidden_data',
    () => zipBytes([good, { name: 'a', data: 'x', before: zipBytes([{ name: 'evil', data: 'x' }]) }]),
    'manifest.json',
  ),
  reading(
    'hides data before its directory',
    'hidden_data',
    () => zipBytes([good], { beforeDirectory: Buffer.from('secret') }),
    'manifest.json',
  ),
  reading('hides data without any entry', 'hidden_data', () =>
    zipBytes([], { beforeDirectory: Buffer.from('secret') }),
  ),
  reading(
    'hides an entry from its directory',
    'hidden_data',
    () => {
      const hidden = zipBytes([{ name: 'evil.py', data: 'x' }]);
      return zipBytes([good], { beforeDirectory: cut(hidden, 0, 30 + 7 + 1) });
    },
    'manifest.json',
  ),
  reading('hides another end record in its comment', 'prepended_data', () => {
    const hidden = cut(zipBytes([]), 0);
    return zipBytes([good], { comment: hidden });
  }),
  reading('has half an end record in its comment', 'hidden_data', () =>
    zipBytes([good], { comment: Buffer.from('PK\x05\x06', 'latin1') }),
  ),
  atEnd('says its disks are in a zip64 record that is not there', 'zip64', { disk: 0xffff }),
  atEnd('says it has more entries than it lists', 'directory', { entryCount: 5 }),
  reading('says it has fewer entries than it lists', 'directory', () =>
    zipBytes([good, { name: 'a', data: 'x' }], { entryCount: 1 }),
  ),
  atEnd('says it is one disk of several', 'multi_disk', { disk: 1 }),
  atEnd('has entries on other disks', 'multi_disk', { entriesHere: 0, entryCount: 1 }),
  atEnd('says its directory is larger than the file', 'truncated', { directoryBytes: 1_000_000 }),
  atEnd('says its directory begins outside the file', 'truncated', { directoryStart: 1_000_000 }),
  atEnd('says 40,000 entries in a hundred bytes', 'directory', { entryCount: 40_000 }),
  atEnd('says more entries than anybody needs', 'entry_count', { entryCount: 60_000 }),
  reading(
    'has a broken header in its directory',
    'directory',
    withEntry({ name: 'a', data: 'x', central: { signature: 0 } }),
  ),
  reading(
    'has a broken extra field in its directory',
    'directory',
    withEntry({ name: 'a', data: 'x', central: { extra: Buffer.from([1, 0, 99, 0]) } }),
  ),
  atEnd('has a zip64 record that says something else', 'directory', {
    beforeEnd: (place) => zip64End(place, 1, { directoryStart: 5n }),
  }),
  atEnd('has a zip64 locator that points nowhere', 'directory', {
    beforeEnd: (place) => zip64End(place, 1, { recordAt: 0xffff_ffff_ffff_ffffn }),
  }),
  atEnd('is one of several zip64 disks', 'multi_disk', { beforeEnd: (place) => zip64End(place, 1, { disks: 3 }) }),
  atEnd('has a zip64 record and something before it', 'prepended_data', { ...inZip64, directoryBytes: 10 }),
  reading(
    'has an entry whose zip64 offset is beyond any number',
    'local_header',
    () =>
      zipBytes([
        good,
        {
          name: 'a',
          data: 'x',
          central: { offset: 0xffffffff, extra: extraField(1, zip64Size(0xffff_ffff_ffff_ffffn)) },
        },
      ]),
    'a',
  ),
];
