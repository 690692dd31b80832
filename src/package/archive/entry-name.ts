import { utf8Whole } from '../../base/text/index.js';
import type { ArchiveLimits } from './limits.js';
import { refusal } from './refusal.js';

/** General purpose bit 11: the name is UTF-8. */
const UTF8_FLAG = 0x800;

const ASCII_ONLY = /^[\x20-\x7e]*$/;
// Control characters, line separators, characters that turn the reading direction and those that cannot be seen: they
// fool people and logs. Joiners and variation selectors are part of words and pictures.
const DECEIVING = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;
const UNSEEN = /(?![\u200c\u200d\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u180b-\u180d\u180f])\p{Default_Ignorable_Code_Point}/u;
/** Devices of one system, whatever stands behind a dot. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])[ .]*(\.|$)/i;
const DRIVE = /^[A-Za-z]:/;

/**
 * The name as every reader must understand it: valid UTF-8, whether it says so or not (contract §3).
 *
 * @param mustSaySo beyond ASCII only with the flag
 * @throws RunnerError invalid_zip where readers would disagree
 */
export function decodeName(raw: Buffer, flags: number, mustSaySo: boolean): string {
  const name = utf8Whole(raw);
  if (name === undefined) {
    const problem =
      'has a name that is not UTF-8: pack it again with a tool that writes UTF-8 names (zip -r, 7z -mcu=on, procvision package)';
    throw refusal('name_encoding', problem, raw.toString('latin1'));
  }
  if (mustSaySo && (flags & UTF8_FLAG) === 0 && !ASCII_ONLY.test(name) && !DECEIVING.test(name)) {
    throw refusal('name_encoding', 'has a name with letters beyond ASCII that is not marked as UTF-8', name);
  }
  return name;
}

/**
 * Accepts a relative path that stays inside the folder it is written to, on every system.
 *
 * @param name as the archive has it; a folder ends with a slash
 * @returns the path without the trailing slash
 * @throws RunnerError invalid_zip
 */
export function checkName(name: string, limits: ArchiveLimits): string {
  if (name === '' || name === '/') throw refusal('unsafe_path', 'has no name', name);
  if (DECEIVING.test(name)) throw refusal('unsafe_path', 'has control or direction characters in its name', name);
  if (name.includes('\\')) throw refusal('backslash', 'has a backslash in its name', name);
  if (name.startsWith('/')) throw refusal('absolute_path', 'has an absolute path', name);
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  const segments = path.split('/');
  for (const segment of segments) checkSegment(segment, name, limits);
  if (segments.length > limits.depthMax) {
    throw refusal('depth', `lies ${segments.length} levels deep; ${limits.depthMax} are accepted`, name);
  }
  if (Buffer.byteLength(path) > limits.pathBytesMax) {
    throw refusal('name_length', `has a path longer than ${limits.pathBytesMax} bytes`, name);
  }
  return path;
}

function checkSegment(segment: string, name: string, limits: ArchiveLimits): void {
  if (segment === '..') throw refusal('parent_path', 'goes up out of its folder', name);
  if (segment === '' || segment === '.') throw refusal('unsafe_path', 'has an empty or "." part in its path', name);
  if (DRIVE.test(segment)) throw refusal('absolute_path', 'names a drive', name);
  if (!ASCII_ONLY.test(segment) && UNSEEN.test(segment))
    throw refusal('unsafe_path', 'has characters in its name that cannot be seen', name);
  if (segment.includes(':')) throw refusal('reserved_name', 'names a stream of a file, as some systems read it', name);
  if (/[.\p{Zs}]$/u.test(segment)) throw refusal('reserved_name', 'has a name that ends with a dot or a blank', name);
  if (DEVICE.test(segment)) throw refusal('reserved_name', 'has the name of a device on some systems', name);
  if (Buffer.byteLength(segment) > limits.nameBytesMax) {
    throw refusal('name_length', `has a name longer than ${limits.nameBytesMax} bytes`, name);
  }
}
