import type { RunnerError } from '../base/errors/index.js';
import type { FileOperations } from './segment-file.js';

export const RESERVATIONS_MAX = 256;
export const DEFAULT_RESERVATIONS = 8;
export const DEFAULT_RESERVATION_MS = 60_000;

export interface ImagePoolOptions {
  /** A folder of this Runner's own, mode 700; made when it is not there. Its parent must exist. */
  readonly folder: string;
  /** Images that hosts may have reserved at a time; 8 by default. */
  readonly reservations?: number;
  /** After so many milliseconds without a use a reservation ends; 60,000 by default. */
  readonly reservationMs?: number;
  /** Something that algorithms damaged was made anew; told once for each release and kind of damage. */
  readonly onProblem?: (problem: RunnerError) => void;
  /** Test hook: file operations that fail on purpose. */
  readonly faults?: Partial<FileOperations>;
}

/**
 * @property leased images that calls look at now
 * @property free processes that could be given one
 * @property reserved images that hosts hold
 * @property bytes memory of all segments
 */
export interface ImagePoolStats {
  readonly leased: number;
  readonly free: number;
  readonly reserved: number;
  readonly bytes: number;
}
