import { join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { isTempName, listIfThere, nodeFileSystem, readSmallFile } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import { parseOperationFile, readOperation } from './operation.js';
import type { Operation, OperationId, OperationStage } from './operation.js';

const MAX_BYTES = 16 * 1024 * 1024;

/** A file among the records that tells of no operation. */
export interface UnreadableRecord {
  readonly file: string;
  readonly stage: OperationStage | null;
  readonly reason: string;
}

/**
 * @property operations in the order in which they are to be finished
 * @property files every record there is, by operation
 * @property last the highest number in use
 */
export interface FoundOperations {
  readonly operations: readonly Operation[];
  readonly files: ReadonlyMap<OperationId, readonly OperationStage[]>;
  readonly unreadable: readonly UnreadableRecord[];
  readonly last: number;
}

/**
 * The operations under way, or those that were when the Runner died. Writes nothing and needs no lock.
 * @throws RunnerError store_io_failed when the folder or a record in it cannot be read: it may hold what was decided
 */
export async function readOperations(layout: StoreLayout, fs: FileSystem = nodeFileSystem): Promise<FoundOperations> {
  const furthest = new Map<OperationId, Operation>();
  const files = new Map<OperationId, OperationStage[]>();
  const unreadable: UnreadableRecord[] = [];
  for (const { name: file } of await listIfThere(layout.operations, fs)) {
    if (isTempName(file)) continue;
    const read = await readRecord(layout, file, fs);
    switch (read.kind) {
      case 'operation': {
        const { id, stage } = read.operation;
        files.set(id, [...(files.get(id) ?? []), stage]);
        const other = furthest.get(id);
        if (other === undefined || STAGES.indexOf(other.stage) < STAGES.indexOf(stage))
          furthest.set(id, read.operation);
        break;
      }
      case 'unreadable':
        unreadable.push(read.record);
        break;
      case 'gone':
        break;
    }
  }
  const operations = [...furthest.values()].sort((a, b) => placeOf(a) - placeOf(b));
  const used = unreadable.map((record) => parseOperationFile(record.file)?.id ?? 0);
  return { operations, files, unreadable, last: Math.max(0, ...used, ...operations.map(placeOf)) };
}

const STAGES: readonly OperationStage[] = ['begun', 'committed', 'undone'];

function placeOf(operation: Operation): number {
  return operation.stage === 'begun' ? operation.id : operation.order;
}

type ReadRecord =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'unreadable'; readonly record: UnreadableRecord }
  /** Its operation ended while the folder was read. */
  | { readonly kind: 'gone' };

async function readRecord(layout: StoreLayout, file: string, fs: FileSystem): Promise<ReadRecord> {
  const about = parseOperationFile(file);
  const bad = (reason: string): ReadRecord => ({
    kind: 'unreadable',
    record: { file, stage: about?.stage ?? null, reason },
  });
  if (about === undefined) return bad('has a name that no record of an operation has');
  try {
    const read = await readSmallFile(join(layout.operations, file), MAX_BYTES, fs);
    switch (read.kind) {
      case 'missing':
        return { kind: 'gone' };
      case 'unfit':
        return bad(read.reason);
      case 'content': {
        const parsed = readOperation(about.id, about.stage, read.bytes);
        return parsed.ok
          ? { kind: 'operation', operation: parsed.operation }
          : bad(`cannot be understood: ${parsed.reason}`);
      }
    }
  } catch (error) {
    if (error instanceof RunnerError && error.details['errno'] === 'EACCES')
      return bad(`cannot be read: ${error.message}`);
    throw error; // a device that fails now may hold the record all the same
  }
}
