import type { RunnerError } from '../../base/errors/index.js';
import { parseExtraFields } from './extra-fields.js';
import type { ExtraFields } from './extra-fields.js';
import { quote, refusal } from './refusal.js';
import type { WindowReader } from './window-reader.js';

/*
 * The two headers of an entry, read byte by byte: what a library would make of them is what we want to find out about.
 */

/** What both headers of an entry say. */
export interface ZipHeader {
  readonly versionNeeded: number;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  /** As the 32-bit fields have them; 0xffffffff stands for what a zip64 field says. */
  readonly compressedSize: number;
  readonly size: number;
  readonly nameRaw: Buffer;
  readonly extra: ExtraFields;
}

export interface CentralHeader extends ZipHeader {
  readonly disk: number;
  readonly externalAttributes: number;
  readonly offset: number;
  /** Of the header itself, all its fields included. */
  readonly bytes: number;
}

export interface LocalHeader extends ZipHeader {
  readonly dataStart: number;
}

const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const CENTRAL_BYTES = 46;
export const LOCAL_BYTES = 30;

/** @throws RunnerError invalid_zip when no header of the directory lies there */
export async function readCentralHeader(reader: WindowReader, at: number, end: number): Promise<CentralHeader> {
  const fixed = Buffer.from(await reader.read(at, CENTRAL_BYTES));
  if (fixed.length < CENTRAL_BYTES || fixed.readUInt32LE(0) !== CENTRAL_SIGNATURE) throw damaged();
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) => fixed.readUInt16LE(place));
  const variable = (nameBytes ?? 0) + (extraBytes ?? 0);
  const bytes = CENTRAL_BYTES + variable + (commentBytes ?? 0);
  if (at + bytes > end) throw damaged();
  const rest = Buffer.from(await reader.read(at + CENTRAL_BYTES, variable));
  if (rest.length < variable) throw damaged();
  const extra = parseExtraFields(rest.subarray(nameBytes));
  if (extra === undefined) throw refusal('directory', 'has a directory with a damaged extra field');
  return {
    ...common(fixed, 6),
    nameRaw: rest.subarray(0, nameBytes),
    extra,
    disk: fixed.readUInt16LE(34),
    externalAttributes: fixed.readUInt32LE(38),
    offset: fixed.readUInt32LE(42),
    bytes,
  };
}

/** @throws RunnerError invalid_zip when no local header lies there */
export async function readLocalHeader(reader: WindowReader, at: number, name: string): Promise<LocalHeader> {
  const fixed = Buffer.from(await reader.read(at, LOCAL_BYTES));
  if (fixed.length < LOCAL_BYTES || fixed.readUInt32LE(0) !== LOCAL_SIGNATURE) {
    throw refusal('local_header', `has no local header where ${quote(name)} should be`, name);
  }
  const [nameBytes, extraBytes] = [fixed.readUInt16LE(26), fixed.readUInt16LE(28)];
  const rest = Buffer.from(await reader.read(at + LOCAL_BYTES, nameBytes + extraBytes));
  const extra = rest.length < nameBytes + extraBytes ? undefined : parseExtraFields(rest.subarray(nameBytes));
  if (extra === undefined) throw refusal('local_header', 'has a damaged extra field in its local header', name);
  const dataStart = at + LOCAL_BYTES + nameBytes + extraBytes;
  return { ...common(fixed, 4), nameRaw: rest.subarray(0, nameBytes), extra, dataStart };
}

const damaged = (): RunnerError => refusal('directory', 'has a damaged directory');

/** The fields both headers have, in one order. */
function common(fixed: Buffer, from: number): Omit<ZipHeader, 'nameRaw' | 'extra'> {
  return {
    versionNeeded: fixed.readUInt16LE(from),
    flags: fixed.readUInt16LE(from + 2),
    method: fixed.readUInt16LE(from + 4),
    crc32: fixed.readUInt32LE(from + 10),
    compressedSize: fixed.readUInt32LE(from + 14),
    size: fixed.readUInt32LE(from + 18),
  };
}
