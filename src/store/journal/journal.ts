import { RunnerError } from '../../base/errors/index.js';
import { nodeFileSystem } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import type { BegunOperation, CommittedOperation, OperationEvent, OperationId, Redo } from './operation.js';
import { readOperations } from './read.js';
import type { FoundOperations } from './read.js';
import { operationRecords } from './records.js';

/**
 * The operations under way: a small file for each, `operations/<id>.<stage>.json`. What changes several files is decided
 * here, by one file; `carryOut` is the way to do that.
 *
 * INVARIANTS
 * - An operation is decided while its `committed` record is on disk, and only then. The record is on disk before
 *   anything it decides is changed, and goes only when all of that is on disk, or when all of it was changed back.
 * - Nothing is committed before what earlier operations owe is paid: a record that could not be removed, a change that
 *   could not be finished.
 * - Numbers rise, beyond any found in the folder and in the end of the audit trail, whatever the clock says.
 *
 * Records are removed without an fsync, so a power loss may bring one back. That reverts no later change:
 * - A later change of a route is itself an operation. Its commit syncs this very folder before it changes anything, so
 *   from then on the earlier removal is on disk. Until then the routes are what the earlier record says.
 * - Should the later record be on disk and the earlier one be back (power lost amid that fsync), both are finished in
 *   the order of their commits, which ends with the later one; then the earlier record goes for good before the later.
 * - A release installed again is not an operation that commits. The record of its earlier removal names the registry
 *   entry it was about, and does nothing to another one.
 * - A `begun` record decides nothing; the audit trail says how its operation ended.
 */
export interface Journal {
  /** What was under way when the last Runner died. */
  readonly found: FoundOperations;
  /**
   * Notes that an operation is under way, without waiting for the disk: for people, should the Runner die. Never fails;
   * an operation that could not be noted goes on all the same. Whoever begins an operation ends it.
   */
  begin(event: OperationEvent): Promise<OperationId>;
  /** The same without a note, for what is decided at once. */
  announce(event: OperationEvent): BegunOperation;
  /** @throws RunnerError operation_conflict when no operation of that number is under way */
  get(id: OperationId): BegunOperation;
  /** It began, and nobody ended it yet. */
  isUnderWay(id: OperationId): boolean;
  /** Does what earlier operations owe. @throws RunnerError store_io_failed: it is owed still */
  payDebts(): Promise<void>;
  /**
   * Decides an operation: from here on it will be done, whatever happens to this Runner.
   * @throws RunnerError store_io_failed; whether a record is left all the same, `retract` finds out
   */
  commit(id: OperationId, redo: Redo, details: OperationEvent['details']): Promise<CommittedOperation>;
  /** Takes a decision back, everything being as it was before. @returns false: the record stays, and so the decision */
  retract(id: OperationId): Promise<boolean>;
  /** What is decided is on disk, however its commit ended. @throws RunnerError store_io_failed */
  sync(): Promise<void>;
  /** The record goes. Never fails: one that cannot be removed now is owed. */
  end(id: OperationId): Promise<void>;
  /** The record goes for good, before any later one does. @throws RunnerError store_io_failed */
  settle(id: OperationId): Promise<void>;
  /** The record stays until `finish` has succeeded, which is tried before the next commit. */
  owe(id: OperationId, finish: () => Promise<unknown>): void;
}

/** @param after the last number the audit trail tells of. @throws RunnerError store_io_failed */
export async function openJournal(
  layout: StoreLayout,
  options: { readonly now?: () => Date; readonly after?: OperationId } = {},
  fs: FileSystem = nodeFileSystem,
): Promise<Journal> {
  const { now = () => new Date(), after = 0 } = options;
  const found = await readOperations(layout, fs);
  const records = operationRecords(layout, found.files, fs);
  const underWay = new Map<OperationId, BegunOperation>();
  const debts = new Map(found.operations.map(({ id }) => [id, refuseUntilRecovered]));
  let last = Math.max(now().getTime() * 1000, found.last, after);
  let turn: Promise<unknown> = Promise.resolve();

  function announce(event: OperationEvent): BegunOperation {
    const operation: BegunOperation = { ...event, id: (last += 1), at: now().toISOString(), stage: 'begun' };
    underWay.set(operation.id, operation);
    return operation;
  }

  function get(id: OperationId): BegunOperation {
    const operation = underWay.get(id);
    if (operation !== undefined) return operation;
    throw new RunnerError('operation_conflict', `No operation ${id} is under way.`);
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  async function settle(id: OperationId): Promise<void> {
    await records.remove(id);
    await records.sync();
    debts.delete(id);
  }

  async function payDebts(): Promise<void> {
    for (const [debtor, finish] of debts) {
      await finish();
      await settle(debtor);
    }
  }

  async function commit(id: OperationId, redo: Redo, details: OperationEvent['details']): Promise<CommittedOperation> {
    await payDebts();
    const order = (last += 1);
    const operation: CommittedOperation = { ...get(id), ...(details && { details }), stage: 'committed', order, redo };
    await records.commit(operation);
    return operation;
  }

  return {
    found,
    announce,
    get,
    settle,
    retract: (id) => records.retract(id),
    sync: () => records.sync(),
    isUnderWay: (id) => underWay.has(id),
    async begin(event) {
      const operation = announce(event);
      await records.note(operation).catch(() => undefined); // no more than a note
      return operation.id;
    },
    payDebts: () => inTurn(payDebts),
    commit: (id, redo, details) => inTurn(() => commit(id, redo, details)),
    async end(id) {
      underWay.delete(id);
      await records.remove(id).then(
        () => debts.delete(id),
        () => debts.set(id, () => Promise.resolve()),
      );
    },
    owe(id, finish) {
      underWay.delete(id);
      debts.set(id, finish);
    },
  };
}

/** What a dead Runner left is not ours to pass over: recovery says how it is to be finished. */
function refuseUntilRecovered(): Promise<unknown> {
  const message = 'Operations of a Runner that died are not finished yet.';
  return Promise.reject(new RunnerError('operation_conflict', message, { hint: 'Recover the store first.' }));
}
