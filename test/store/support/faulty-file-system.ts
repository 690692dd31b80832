import { constants } from 'node:fs';
import { nodeFileSystem } from '../../../src/store/index.js';
import type { FileSystem, OpenFile } from '../../../src/store/index.js';

export type Errno = 'EIO' | 'ENOSPC' | 'EMFILE' | 'EINVAL' | 'ENOTSUP';
/** What a device answers at any call. */
export const ERRNOS: readonly Errno[] = ['EIO', 'ENOSPC', 'EMFILE'];

/** One call as it reached the file system. */
export interface Call {
  readonly operation: keyof FileSystem | 'create' | `file.${keyof OpenFile}`;
  readonly path: string;
}

export interface FaultPlan {
  /** Asked at every call; `number` counts from 1. */
  readonly fail?: (call: Call, number: number) => Errno | undefined;
  /** Runs before every call: somebody else is at work on the same files. */
  readonly onCall?: (call: Call) => Promise<void>;
  /** No write takes more than so many bytes. */
  readonly maxWriteBytes?: number;
}

/** Faults by the number of the call, as property tests draw them. */
export function atCalls(faults: Readonly<Record<number, Errno>>): FaultPlan['fail'] & object {
  return (_, number) => faults[number];
}

/** Nothing new fits on the disk. */
export function diskFull({ operation }: Call): Errno | undefined {
  return operation === 'create' || operation === 'file.write' ? 'ENOSPC' : undefined;
}

/**
 * A file system, except that chosen calls fail as a bad device lets them: a failing write has written a part, a failing
 * close has closed, everything else did nothing.
 */
export function faultyFileSystem(
  plan: FaultPlan,
  real: FileSystem = nodeFileSystem,
): FileSystem & { readonly calls: readonly Call[] } {
  const calls: Call[] = [];

  async function call<T>(
    operation: Call['operation'],
    path: string,
    work: () => Promise<T>,
    instead = noop,
  ): Promise<T> {
    const number = calls.push({ operation, path });
    await plan.onCall?.({ operation, path });
    const errno = plan.fail?.({ operation, path }, number);
    if (errno === undefined) return work();
    await instead();
    throw Object.assign(new Error(`injected ${errno}: ${operation} ${path}`), { code: errno });
  }

  const wrap = (path: string, file: OpenFile): OpenFile => ({
    facts: () => call('file.facts', path, () => file.facts()),
    read: (buffer, position) => call('file.read', path, () => file.read(buffer, position)),
    write: (buffer) => {
      const part = buffer.subarray(0, plan.maxWriteBytes ?? buffer.length);
      const half = async (): Promise<void> => void (await file.write(part.subarray(0, part.length >> 1)));
      return call('file.write', path, () => file.write(part), half);
    },
    sync: () => call('file.sync', path, () => file.sync()),
    close: () =>
      call(
        'file.close',
        path,
        () => file.close(),
        () => file.close(),
      ),
  });

  return {
    calls,
    open: async (path, flags, mode) => {
      const operation = (flags & constants.O_CREAT) === 0 ? 'open' : 'create';
      return wrap(path, await call(operation, path, () => real.open(path, flags, mode)));
    },
    facts: (path) => call('facts', path, () => real.facts(path)),
    list: (folder) => call('list', folder, () => real.list(folder)),
    makeFolder: (path) => call('makeFolder', path, () => real.makeFolder(path)),
    removeFolder: (path) => call('removeFolder', path, () => real.removeFolder(path)),
    removeFile: (path) => call('removeFile', path, () => real.removeFile(path)),
    rename: (from, to) => call('rename', to, () => real.rename(from, to)),
    room: (folder) => call('room', folder, () => real.room(folder)),
  };
}

const noop = (): Promise<void> => Promise.resolve();
