import { RunnerError } from '../base/errors/index.js';

/** What the kernel says when the memory behind the pool is used up. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'ENOMEM', 'EFBIG']);

/** A failed file operation on a segment, as an error a person can act on; the system's own error is its cause. */
export function poolFault(error: unknown, path: string, wantedBytes: number): RunnerError {
  const code = codeOf(error);
  const details = { reason: 'no_space', path, wanted_bytes: wantedBytes, system_error: code };
  if (code !== undefined && FULL.has(code)) {
    return new RunnerError(
      'image_pool_full',
      `The memory behind the image pool is full: ${path} cannot hold ${wantedBytes} bytes (${code}).`,
      { details, cause: error },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new RunnerError('store_io_failed', `The image segment ${path} cannot be written: ${reason}.`, {
    details: { ...details, reason: 'io' },
    cause: error,
  });
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
