import type { Wheel } from './inspect-wheel.js';

/** One line of what the installer gets: exactly this file. Plain JSON. */
export interface PinnedWheel {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

export const pinned = ({ metadata, version, file, sha256 }: Wheel): PinnedWheel => ({
  name: metadata.name,
  version: version.text,
  file,
  sha256,
});
