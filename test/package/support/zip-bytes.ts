import { crc32, deflateRawSync } from 'node:zlib';

/** What one header says; whatever is left out is true. */
interface Claims {
  readonly name?: string | Buffer;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly compressedSize?: number;
  readonly size?: number;
  readonly extra?: Buffer;
}

/** One entry of a hand-made zip. `central` and `local` let the two headers lie, separately. */
export interface ZipEntry {
  readonly name: string | Buffer;
  readonly data?: string | Buffer;
  readonly deflate?: boolean;
  /** Unix mode with its type bits; 0 leaves the attributes empty. */
  readonly mode?: number;
  readonly dosAttributes?: number;
  readonly flags?: number;
  readonly extra?: Buffer;
  /** In both headers. */
  readonly claims?: Claims;
  readonly central?: Claims & { readonly offset?: number; readonly disk?: number; readonly signature?: number };
  readonly local?: Claims & { readonly signature?: number };
  /** The bytes written as data, when they are not what `data` compresses to. */
  readonly raw?: Buffer;
  /** Bytes put before the local header that no entry owns. */
  readonly before?: Buffer;
  /** Bytes put behind the data, as a data descriptor. */
  readonly after?: Buffer;
  /** Only in the directory: `central.offset` says where its data is meant to be. */
  readonly withoutLocal?: boolean;
}

/** What the end of the zip says; whatever is left out is true. */
export interface ZipEnd {
  readonly prefix?: Buffer;
  readonly suffix?: Buffer;
  readonly comment?: Buffer;
  readonly commentLength?: number;
  readonly entryCount?: number;
  readonly entriesHere?: number;
  readonly disk?: number;
  readonly directoryStart?: number;
  readonly directoryBytes?: number;
  /** Bytes between the last entry and the directory. */
  readonly beforeDirectory?: Buffer;
  /** Bytes between the directory and its end record, as a zip64 record would be. */
  readonly beforeEnd?: (place: { directoryStart: number; directoryBytes: number; at: number }) => Buffer;
}

export const UTF8 = 0x800;
export const DESCRIPTOR = 0x8;

/** Builds a zip byte by byte: sound by default, and wrong in exactly the way it is told to be. */
export function zipBytes(entries: readonly ZipEntry[], end: ZipEnd = {}): Buffer {
  const parts: Buffer[] = [end.prefix ?? Buffer.alloc(0)];
  const central: Buffer[] = [];
  let at = parts[0]?.length ?? 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  for (const entry of entries) {
    if (entry.before !== undefined) push(entry.before);
    const made = make(entry);
    central.push(centralHeader(entry, made, entry.central?.offset ?? at));
    if (entry.withoutLocal === true) continue;
    push(localHeader(entry, made));
    push(made.raw);
    if (entry.after !== undefined) push(entry.after);
  }
  if (end.beforeDirectory !== undefined) push(end.beforeDirectory);
  const directory = Buffer.concat(central);
  const directoryStart = end.directoryStart ?? at;
  const directoryBytes = end.directoryBytes ?? directory.length;
  push(directory);
  if (end.beforeEnd !== undefined) push(end.beforeEnd({ directoryStart, directoryBytes, at }));
  push(endRecord(entries.length, directoryStart, directoryBytes, end));
  push(end.suffix ?? Buffer.alloc(0));
  return Buffer.concat(parts);
}

interface Made {
  readonly raw: Buffer;
  readonly claims: Required<Omit<Claims, 'name'>> & { readonly name: Buffer };
}

function make(entry: ZipEntry): Made {
  const data = Buffer.from(entry.data ?? '');
  const raw = entry.raw ?? (entry.deflate === true ? deflateRawSync(data) : data);
  const name = Buffer.from(entry.name);
  const isAscii = name.every((byte) => byte < 0x80);
  const claims = {
    name,
    flags: entry.flags ?? (isAscii ? 0 : UTF8),
    method: entry.deflate === true ? 8 : 0,
    crc: crc32(data),
    compressedSize: raw.length,
    size: data.length,
    extra: entry.extra ?? Buffer.alloc(0),
    ...entry.claims,
  };
  return { raw, claims: { ...claims, name: Buffer.from(claims.name) } };
}

function localHeader(entry: ZipEntry, { claims }: Made): Buffer {
  const says = { ...claims, ...entry.local };
  const name = Buffer.from(says.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(entry.local?.signature ?? 0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(says.flags, 6);
  header.writeUInt16LE(says.method, 8);
  header.writeUInt32LE(0x00210000, 10);
  header.writeUInt32LE(says.crc, 14);
  header.writeUInt32LE(says.compressedSize, 18);
  header.writeUInt32LE(says.size, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(says.extra.length, 28);
  return Buffer.concat([header, name, says.extra]);
}

function centralHeader(entry: ZipEntry, { claims }: Made, offset: number): Buffer {
  const says = { ...claims, ...entry.central };
  const name = Buffer.from(says.name);
  const isFolder = name.at(-1) === 0x2f;
  const mode = entry.mode ?? (isFolder ? 0o040755 : 0o100644);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(entry.central?.signature ?? 0x02014b50, 0);
  header.writeUInt16LE(0x0314, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(says.flags, 8);
  header.writeUInt16LE(says.method, 10);
  header.writeUInt32LE(0x00210000, 12);
  header.writeUInt32LE(says.crc, 16);
  header.writeUInt32LE(says.compressedSize, 20);
  header.writeUInt32LE(says.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(says.extra.length, 30);
  header.writeUInt16LE(entry.central?.disk ?? 0, 34);
  header.writeUInt32LE(((mode << 16) | (entry.dosAttributes ?? (isFolder ? 0x10 : 0))) >>> 0, 38);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name, says.extra]);
}

function endRecord(count: number, directoryStart: number, directoryBytes: number, end: ZipEnd): Buffer {
  const comment = end.comment ?? Buffer.alloc(0);
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(end.disk ?? 0, 4);
  record.writeUInt16LE(end.disk ?? 0, 6);
  record.writeUInt16LE(end.entriesHere ?? end.entryCount ?? count, 8);
  record.writeUInt16LE(end.entryCount ?? count, 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(directoryStart, 16);
  record.writeUInt16LE(end.commentLength ?? comment.length, 20);
  return Buffer.concat([record, comment]);
}

/** The zip64 end record and its locator, true unless told otherwise. */
export function zip64End(
  place: { directoryStart: number; directoryBytes: number; at: number },
  count: number,
  lies: { directoryStart?: bigint; recordAt?: bigint; disks?: number } = {},
): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(place.directoryBytes), 40);
  record.writeBigUInt64LE(lies.directoryStart ?? BigInt(place.directoryStart), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(lies.recordAt ?? BigInt(place.at), 64);
  record.writeUInt32LE(lies.disks ?? 1, 72);
  return record;
}

/** One extra field. */
export function extraField(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}

/** The Info-ZIP Unicode-path field: another name for the same entry. */
export function unicodePath(name: string | Buffer, otherName: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  head.writeUInt32LE(crc32(Buffer.from(name)), 1);
  return extraField(0x7075, Buffer.concat([head, Buffer.from(otherName)]));
}

/** What follows the data when sizes were not known before it. */
export function descriptor(
  data: string | Buffer,
  compressedSize: number,
  form: { signature: boolean; wide: boolean },
): Buffer {
  const bytes = Buffer.from(data);
  const body = Buffer.alloc(form.wide ? 20 : 12);
  body.writeUInt32LE(crc32(bytes), 0);
  if (form.wide) {
    body.writeBigUInt64LE(BigInt(compressedSize), 4);
    body.writeBigUInt64LE(BigInt(bytes.length), 12);
  } else {
    body.writeUInt32LE(compressedSize, 4);
    body.writeUInt32LE(bytes.length, 8);
  }
  return form.signature ? Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), body]) : body;
}
