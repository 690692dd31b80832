import type { Operation } from '../scenes/operations.js';
import type { Facts } from './facts.js';

/**
 * What is known of an operation and of the store it is done on.
 *
 * @property complete the files of every release that can be deployed, as a whole deployment has them
 */
export interface Expectation {
  readonly operation: Operation;
  readonly before: Facts;
  readonly complete: ReadonlyMap<string, readonly string[]>;
}

/** How far an operation came, as the disk tells: nothing of it is there, or all of it, or neither. */
export type Progress = 'before' | 'between' | 'after';
