import { RunnerError } from '../../base/errors/index.js';

/**
 * Runs one file operation; a failure with an errno becomes `store_io_failed` (3019) naming operation, path and errno.
 * `details.visible` says whether the change can be seen although it failed: it is in place, but a power loss may undo it.
 */
export async function io<T>(operation: string, path: string, work: () => Promise<T>, visible = false): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw ioFailure(operation, path, error, visible);
  }
}

/** Anything without an errno is a defect, not a failure of the disk: it is handed back as it came. */
export function ioFailure(operation: string, path: string, error: unknown, visible = false): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  const hint = HINTS[errno];
  return new RunnerError(
    'store_io_failed',
    `${operation} ${path} failed: ${MEANINGS[errno] ?? 'the system says'} (${errno}).`,
    {
      ...(hint === undefined ? {} : { hint }),
      details: { path, operation, errno, visible },
      cause: error,
    },
  );
}

/** The failure reached the caller, yet the new content is what the next reader sees. */
export function isVisible(error: unknown): boolean {
  return error instanceof RunnerError && error.details['visible'] === true;
}

/** The failure left everything as it was, and on disk so: not even a power loss brings the change back. */
export function isUndone(error: unknown): boolean {
  return !isVisible(error) && !(error instanceof RunnerError && error.details['settled'] === false);
}

/**
 * The same failure, with a word on what can be seen of the change.
 * @param settled false: a power loss may show the other of the two contents
 */
export function withVisible(error: unknown, visible: boolean, settled = true): unknown {
  if (!(error instanceof RunnerError)) return error;
  const { faultName, message, hint, cause } = error;
  const { settled: _, ...details } = error.details;
  return new RunnerError(faultName, message, {
    hint,
    details: { ...details, visible, ...(settled ? {} : { settled }) },
    cause,
  });
}

/** Work that only prepares a change: nobody sees it, whatever failed in it. */
export async function hidden<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withVisible(error, false);
  }
}

/** For what is tried on the way back: the first failure is the one to report. */
export function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

export function errnoOf(error: unknown): string | undefined {
  if (error instanceof RunnerError) return undefined;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device reports an input/output error',
  EMFILE: 'too many files are open in this process',
  ENFILE: 'too many files are open on this machine',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'it is not there',
  EISDIR: 'a folder is in the way',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTEMPTY: 'the folder is not empty',
};

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'Free space on the device that holds the store, then try again.',
  EDQUOT: 'Free space or raise the quota of the user that runs the Runner, then try again.',
  EIO: 'Check the device (dmesg, smartctl) before anything else is written to it.',
  EMFILE: 'Raise the limit of open files (ulimit -n) of the Runner.',
  ENFILE: 'Raise the limit of open files of the machine (fs.file-max).',
  EACCES: 'Give the user that runs the Runner access to the path named.',
  EPERM: 'Give the user that runs the Runner access to the path named.',
  EROFS: 'Mount the file system of the store writable.',
};
