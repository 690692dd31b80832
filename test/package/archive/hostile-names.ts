import { UTF8, unicodePath } from '../support/zip-bytes.js';
import { named, reading, withEntry } from './hostile-zip.js';
import type { HostileZip } from './hostile-zip.js';

/** Names that mean different things to different readers, or reach outside. */
export const NAMES: readonly HostileZip[] = [
  named('climbs out of its folder', 'parent_path', '../evil'),
  named('climbs out from below', 'parent_path', 'a/../../evil'),
  named('climbs and comes back', 'parent_path', 'a/../b'),
  named('ends in a climb', 'parent_path', 'a/..'),
  named('is a climb only', 'parent_path', '..'),
  named('is absolute', 'absolute_path', '/etc/passwd'),
  named('is absolute with two slashes', 'absolute_path', '//host/share'),
  named('names a drive', 'absolute_path', 'C:/evil'),
  named('names a drive without a slash', 'absolute_path', 'c:evil'),
  named('names a drive below a folder', 'absolute_path', 'top/C:/evil'),
  named('has a backslash', 'backslash', 'a\\b'),
  named('climbs with backslashes', 'backslash', '..\\..\\evil'),
  named('is a network path', 'backslash', '\\\\host\\share'),
  named('has an empty part', 'unsafe_path', 'a//b'),
  named('has a dot part', 'unsafe_path', 'a/./b'),
  named('begins with a dot part', 'unsafe_path', './a'),
  named('has no name', 'unsafe_path', ''),
  named('is named by a slash', 'unsafe_path', '/'),
  named('has a NUL', 'unsafe_path', 'a\0.py'),
  named('has a line feed', 'unsafe_path', 'a\nb'),
  named('has an escape character', 'unsafe_path', 'a\u001b[2Jb'),
  named('reverses the reading direction', 'unsafe_path', 'a\u202egnp.exe'),
  named('has a name of 300 bytes', 'name_length', 'n'.repeat(300)),
  named('has a path of 2,000 bytes', 'name_length', Array.from({ length: 20 }, () => 'd'.repeat(100)).join('/')),
  named('lies 40 levels deep', 'depth', Array.from({ length: 40 }, () => 'd').join('/')),
  reading(
    'has a name that is not UTF-8',
    'name_encoding',
    withEntry({ name: Buffer.from([0x61, 0xff, 0x62]), data: 'x', flags: UTF8 }),
    'a\u00ffb',
  ),
  reading(
    'has letters beyond ASCII without saying in which encoding',
    'name_encoding',
    withEntry({ name: 'größe.txt', data: 'x', flags: 0 }),
    'größe.txt',
  ),
  reading(
    'has a second name in a Unicode-path field',
    'unicode_path',
    withEntry({ name: 'a.txt', data: 'x', extra: unicodePath('a.txt', '../evil') }),
    'a.txt',
  ),
  reading(
    'has a second name in its local header only',
    'unicode_path',
    withEntry({ name: 'a.txt', data: 'x', local: { extra: unicodePath('a.txt', 'b.txt') } }),
    'a.txt',
  ),
];
