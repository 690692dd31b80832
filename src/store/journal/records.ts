import { constants } from 'node:fs';
import { join } from 'node:path';
import { closeAfter, errnoOf, ioFailure, isVisible, syncFolder, writeAll, writeFileDurable } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import { operationFile, writeOperation } from './operation.js';
import type { BegunOperation, CommittedOperation, OperationId, OperationStage } from './operation.js';
import type { FoundOperations } from './read.js';

/**
 * The files of the journal.
 *
 * INVARIANT: what is remembered of an operation is what may be on disk of it: a file is remembered before it can be
 * there, and forgotten once it is removed.
 */
export interface Records {
  /** Not synced. @throws what the file system says */
  note(operation: BegunOperation): Promise<void>;
  /** Durable. @throws RunnerError store_io_failed */
  commit(operation: CommittedOperation): Promise<void>;
  /** From `committed` to `undone` by one rename. @returns false: it stays committed */
  retract(id: OperationId): Promise<boolean>;
  /** Everything about an operation goes; not synced. @throws RunnerError store_io_failed */
  remove(id: OperationId): Promise<void>;
  /** fsync of the folder. @throws RunnerError store_io_failed */
  sync(): Promise<void>;
}

/** What decides goes first, so that a record left behind by a kill is one that decides nothing. */
const REMOVAL_ORDER: readonly OperationStage[] = ['committed', 'undone', 'begun'];

export function operationRecords(layout: StoreLayout, found: FoundOperations['files'], fs: FileSystem): Records {
  const folder = layout.operations;
  const files = new Map([...found].map(([id, stages]) => [id, new Set(stages)]));
  const pathOf = (id: OperationId, stage: OperationStage): string => join(folder, operationFile(id, stage));

  function remember(id: OperationId, stage: OperationStage): void {
    files.set(id, (files.get(id) ?? new Set()).add(stage));
  }

  return {
    async note(operation) {
      const path = pathOf(operation.id, 'begun');
      const bytes = writeOperation(operation);
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      const file = await fs.open(path, flags, 0o644);
      remember(operation.id, 'begun');
      await closeAfter(path, file, () => writeAll(path, file, bytes));
    },
    async commit(operation) {
      try {
        await writeFileDurable(pathOf(operation.id, 'committed'), writeOperation(operation), {}, fs);
        remember(operation.id, 'committed');
      } catch (error) {
        if (isVisible(error)) remember(operation.id, 'committed');
        throw error;
      }
    },
    async retract(id) {
      if (files.get(id)?.has('committed') !== true) return true;
      try {
        await fs.rename(pathOf(id, 'committed'), pathOf(id, 'undone'));
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        return false;
      }
      files.get(id)?.delete('committed');
      remember(id, 'undone');
      await syncFolder(folder, fs).catch(() => undefined); // undone for every reader; a power loss may make it whole
      return true;
    },
    async remove(id) {
      const stages = files.get(id);
      for (const stage of REMOVAL_ORDER) {
        if (stages?.has(stage) !== true) continue;
        await fs.removeFile(pathOf(id, stage)).catch((error: unknown) => {
          if (errnoOf(error) !== 'ENOENT') throw ioFailure('remove', pathOf(id, stage), error);
        });
        stages.delete(stage);
      }
      files.delete(id);
    },
    sync: () => syncFolder(folder, fs),
  };
}
