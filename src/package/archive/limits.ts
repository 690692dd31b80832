/**
 * How large an archive may be and how deep. Reading refuses what declares more, extracting stops at what really is more.
 */
export interface ArchiveLimits {
  /** Bytes of a zip as it lies there; a larger one is not even copied. */
  readonly zipBytesMax: number;
  readonly entriesMax: number;
  /** Uncompressed bytes of all files together. */
  readonly totalBytesMax: number;
  /** Uncompressed bytes of one file. */
  readonly fileBytesMax: number;
  /** Uncompressed bytes of a package and of all its wheels together. */
  readonly installedBytesMax: number;
  /** Files and folders of a package and of all its wheels together. */
  readonly installedEntriesMax: number;
  /** Uncompressed to compressed: for one file, for a whole archive, and for a package with its wheels to its zip. */
  readonly ratioMax: number;
  /** Below this size the ratio does not count: a blank mask compresses a thousandfold and harms nobody. */
  readonly ratioFreeBytes: number;
  /** Folders above a file, itself included. */
  readonly depthMax: number;
  /** UTF-8 bytes of one segment of a path; most file systems end at 255. */
  readonly nameBytesMax: number;
  /** UTF-8 bytes of a whole path inside the archive. */
  readonly pathBytesMax: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** Room for the largest wheels in use (a GPU framework has about 12,000 files and 3 GiB), far below what hurts a disk. */
export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
  zipBytesMax: 8 * GIB,
  entriesMax: 50_000,
  totalBytesMax: 8 * GIB,
  fileBytesMax: 4 * GIB,
  installedBytesMax: 32 * GIB,
  installedEntriesMax: 250_000,
  ratioMax: 200,
  ratioFreeBytes: 16 * MIB,
  depthMax: 32,
  nameBytesMax: 240,
  pathBytesMax: 1 * KIB,
};

export const withDefaults = (limits: Partial<ArchiveLimits> = {}): ArchiveLimits => ({
  ...DEFAULT_ARCHIVE_LIMITS,
  ...limits,
});
