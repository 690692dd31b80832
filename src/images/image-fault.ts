import { RunnerError } from '../errors/index.js';

/** An image that cannot be used: 1002, saying what is wrong with it. */
export function imageFault(problem: string, cause?: unknown): RunnerError {
  return new RunnerError('image_load_failed', `The image cannot be used: ${problem}.`, { cause });
}

/** Runs a third-party decoder, whose errors are of any shape, `undefined` included. */
export function decoding<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'the compressed data is damaged';
    throw imageFault(`this ${what} cannot be decoded: ${reason}`, error);
  }
}
