import type { ArchiveLimits } from './limits.js';
import { refusal } from './refusal.js';

/** General purpose bit 11: the name is UTF-8. */
const UTF8_FLAG = 0x800;
const UNICODE_PATH_FIELD = 0x7075;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ASCII_ONLY = /^[\x20-\x7e]*$/;
// Control characters, line separators and characters that reverse the reading direction: they fool people and logs.
const DECEIVING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const DRIVE = /^[A-Za-z]:/;

/**
 * The name as every reader must understand it: UTF-8 that says so, or plain ASCII.
 *
 * @throws RunnerError invalid_zip where readers would disagree
 */
export function decodeName(raw: Buffer, flags: number, extraFieldIds: readonly number[]): string {
  const shown = raw.toString('latin1');
  if (extraFieldIds.includes(UNICODE_PATH_FIELD)) {
    throw refusal('unicode_path', 'carries a second name in a Unicode-path field, so readers may disagree', shown);
  }
  let name: string;
  try {
    name = strictUtf8.decode(raw);
  } catch (cause) {
    throw refusal('name_encoding', 'has a name that is not UTF-8', shown, cause);
  }
  if ((flags & UTF8_FLAG) === 0 && !ASCII_ONLY.test(name) && !DECEIVING.test(name)) {
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
  if (Buffer.byteLength(segment) > limits.nameBytesMax) {
    throw refusal('name_length', `has a name longer than ${limits.nameBytesMax} bytes`, name);
  }
}
