import { RunnerError } from '../errors/index.js';

export interface Place {
  readonly file: string;
  /** From 1: what stands between two block ends. */
  readonly block: number;
  /** From 1. */
  readonly line: number;
}

/** A file that says something other than its Runner wrote. */
export const corrupt = ({ file, block, line }: Place, what: string): RunnerError =>
  new RunnerError('store_corrupt', `Line ${line} of ${file}, block ${block}, ${what}.`, {
    hint: 'The blocks before it are sound. Keep the file; something other than the Runner changed it or the disk is failing.',
    details: { file, block, line },
  });
