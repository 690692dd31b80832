import { RunnerError } from '../base/errors/index.js';

export interface Place {
  readonly file: string;
  /** From 1: what stands between two block ends. */
  readonly block: number;
  /** From 1. */
  readonly line: number;
}

const KEEP =
  'The blocks before it are sound. Keep the file; something other than the Runner changed it or the disk is failing.';

/** A file that holds nothing. */
export const emptyTrace = (file: string): RunnerError =>
  new RunnerError('store_corrupt', `The trace file ${file} is empty.`, { hint: MOVE_AWAY, details: { file } });

/** For a file that cannot be a part of its run. */
export const MOVE_AWAY =
  'Move it out of the folder of traces: the other files of its run are read without it, and what it held is told as missing.';

/** A file that says something other than its Runner wrote. */
export const corrupt = ({ file, block, line }: Place, what: string, hint = KEEP): RunnerError =>
  new RunnerError('store_corrupt', `Line ${line} of ${file}, block ${block}, ${what}.`, {
    hint,
    details: { file, block, line },
  });
