/** One file or folder of an archive that passed the whole policy. */
export interface ArchiveEntry {
  /** Relative, `/`-separated, without a trailing slash. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly executable: boolean;
  /** Declared uncompressed bytes; reading the entry proves them. */
  readonly size: number;
  readonly compressedSize: number;
  readonly crc32: number;
  readonly method: 'stored' | 'deflated';
  /** Where the entry's data begins in the file. */
  readonly dataStart: number;
}

/** What tells one state of a file from another without reading it. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

/** A zip whose directory was read and found safe; nothing of it is open. */
export interface Archive {
  readonly path: string;
  readonly identity: FileIdentity;
  /** In the order of the central directory. */
  readonly entries: readonly ArchiveEntry[];
  /** Declared uncompressed bytes of all files. */
  readonly totalBytes: number;
}
