import { crc32 } from 'node:zlib';
import type { RunnerError } from '../../base/errors/index.js';
import { refusal } from './refusal.js';

/** By id, in the order in which they stand. */
export type ExtraFields = ReadonlyMap<number, readonly Buffer[]>;

export const ZIP64 = 0x0001;
const PATCH = 0x000f;
const PKWARE_UNIX = 0x000d;
const STRONG_ENCRYPTION = 0x0017;
const ASI_UNIX = 0x756e;
const UNICODE_PATH = 0x7075;
const XCEED_UNICODE = 0x554e;
const AES = 0x9901;

/** What changes how an entry is read. Times, owners and what else tools add do not, and stand in any number. */
const READ_BY_SOME = [ZIP64, PATCH, PKWARE_UNIX, STRONG_ENCRYPTION, ASI_UNIX, UNICODE_PATH, XCEED_UNICODE, AES];

const PKWARE_UNIX_FIXED = 12;
const ASI_FIXED = 14;
const ASI_MODE_AT = 4;
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;

/** Undefined when lengths and bytes do not fit. Aligning tools fill up with up to three zeros. */
export function parseExtraFields(bytes: Buffer): ExtraFields | undefined {
  const fields = new Map<number, Buffer[]>();
  let at = 0;
  while (at + 4 <= bytes.length) {
    const [id, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    const end = at + 4 + length;
    if (end > bytes.length) return undefined;
    const data = bytes.subarray(at + 4, end);
    const known = fields.get(id);
    if (known === undefined) fields.set(id, [data]);
    else known.push(data);
    at = end;
  }
  return bytes.subarray(at).every((byte) => byte === 0) ? fields : undefined;
}

/**
 * Refuses the fields that some readers obey and others do not know: a second name, a link, encryption.
 *
 * @param nameRaw the name the header has
 * @throws RunnerError invalid_zip
 */
export function checkExtraFields(extra: ExtraFields, nameRaw: Buffer, name: string): void {
  for (const id of READ_BY_SOME) {
    const [field, ...more] = extra.get(id) ?? [];
    if (field === undefined) continue;
    if (more.length > 0) throw refusal('extra_field', `has the extra field 0x${id.toString(16)} twice`, name);
    const reason = refusedField(id, field, nameRaw, name);
    if (reason !== undefined) throw reason;
  }
}

function refusedField(id: number, field: Buffer, nameRaw: Buffer, name: string): RunnerError | undefined {
  switch (id) {
    case UNICODE_PATH:
    case XCEED_UNICODE:
      return id === UNICODE_PATH && saysTheSame(field, nameRaw)
        ? undefined
        : refusal('unicode_path', 'carries a second name in an extra field, so readers may disagree', name);
    case PKWARE_UNIX:
      return field.length > PKWARE_UNIX_FIXED ? refusal('link', 'is a link by its extra field', name) : undefined;
    case ASI_UNIX:
      return isPlainAsi(field) ? undefined : refusal('link', 'is a link or device by its extra field', name);
    case PATCH:
      return refusal('extra_field', 'is a patch for a file that is elsewhere', name);
    case STRONG_ENCRYPTION:
    case AES:
      return refusal('encrypted', 'is encrypted by its extra field', name);
  }
  return undefined;
}

/** Version 1, the checksum of the name it belongs to, and the name in UTF-8. */
function saysTheSame(field: Buffer, nameRaw: Buffer): boolean {
  return (
    field.length > 5 && field[0] === 1 && field.readUInt32LE(1) === crc32(nameRaw) && field.subarray(5).equals(nameRaw)
  );
}

function isPlainAsi(field: Buffer): boolean {
  if (field.length !== ASI_FIXED) return false;
  const type = field.readUInt16LE(ASI_MODE_AT) & TYPE_MASK;
  return type === REGULAR || type === FOLDER;
}
