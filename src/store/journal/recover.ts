import { join } from 'node:path';
import { toFault } from '../../base/errors/index.js';
import { moveAside } from '../quarantine.js';
import type { AuditRecord } from '../audit/index.js';
import { removeDurable, syncFolder } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import type { StoreProblem } from '../problem.js';
import type { OpenStore } from './open-store.js';
import type { CommittedOperation, Operation, OperationEvent, OperationId } from './operation.js';
import type { UnreadableRecord } from './read.js';
import { applyAgain } from './steps.js';
import { lastWordOn, recordOf } from './telling.js';
import type { AuditOutcome } from './telling.js';

/**
 * After a crash: what was decided is done, in the order of the decisions; what was not has changed nothing that recovery
 * does not undo anyway. Each operation is told to the audit trail once, then its record goes.
 *
 * INVARIANTS
 * - Records found are synced before anything is done about them: their Runner may have been killed amid a commit, and a
 *   power loss must not leave what they decided without them, nor bring back older ones in their place.
 * - A record goes only after its operation is done and told; killed in between, the next start does the same again.
 * - What cannot be done or told now (a full disk) is owed by the journal: nothing is committed before it.
 */

/** @property outcome unfinished: decided, but it cannot be done yet; `problems` says why */
export interface RecoveredOperation {
  readonly id: OperationId;
  readonly what: string;
  readonly who: string;
  readonly subject: string;
  readonly outcome: 'finished' | 'undone' | 'unfinished';
}

/** An operation put in order on disk, of which the audit trail may not know. */
export interface OperationEnd {
  readonly operation: RecoveredOperation;
  /** @throws RunnerError store_io_failed */
  tell(): Promise<void>;
  /** The record goes, unless an earlier operation has to be finished first. @throws RunnerError store_io_failed */
  forget(): Promise<void>;
}

/**
 * Does again what was decided.
 * @returns the operations that are still not done, and what was found amiss
 * @throws RunnerError store_io_failed when the records cannot be synced
 */
export async function redoOperations(
  store: OpenStore,
  fs: FileSystem,
): Promise<{ readonly pending: readonly CommittedOperation[]; readonly problems: readonly StoreProblem[] }> {
  const { operations, unreadable } = store.journal.found;
  const pending: CommittedOperation[] = [];
  const problems: StoreProblem[] = [];
  if (operations.length > 0) await syncFolder(store.layout.operations, fs);
  for (const record of unreadable) problems.push(await clear(store.layout, record, fs));
  for (const operation of operations) {
    if (operation.stage !== 'committed') continue;
    try {
      await applyAgain(store, operation.redo, operation.at, fs);
    } catch (error) {
      pending.push(operation);
      problems.push(unfinished(operation, toFault(error).message));
    }
  }
  return { pending, problems };
}

/**
 * @param trail its last records
 * @param isDeployed whether a release, by `name@version`, is completely deployed: then its installation did succeed
 */
export function endOperations(
  store: OpenStore,
  pending: readonly CommittedOperation[],
  trail: readonly AuditRecord[],
  isDeployed: (subject: string) => boolean,
  fs: FileSystem,
): readonly OperationEnd[] {
  const { journal, audit } = store;
  return journal.found.operations.map((operation) => {
    const { id, what, who, subject } = operation;
    const waits = pending.some((other) => other.id === id);
    const ending = endingOf(operation, lastWordOn(id, trail), isDeployed);
    let { told } = ending;
    const tell = async (): Promise<void> => {
      if (!told) await audit.append(recordOf(operation, ending.word, { by: 'recovery' }));
      told = true;
    };
    journal.owe(id, async () => {
      if (operation.stage === 'committed') await applyAgain(store, operation.redo, operation.at, fs);
      await tell();
    });
    return {
      operation: { id, what, who, subject, outcome: waits ? 'unfinished' : ending.outcome },
      tell: async () => (waits ? undefined : tell()),
      forget: async () => (pending.length > 0 ? undefined : journal.settle(id)),
    };
  });
}

interface Ending {
  readonly outcome: 'finished' | 'undone';
  readonly word: AuditOutcome;
  readonly told: boolean;
}

function endingOf(operation: Operation, lastWord: string | undefined, isDeployed: (key: string) => boolean): Ending {
  switch (operation.stage) {
    case 'committed':
      return { outcome: 'finished', word: 'done', told: lastWord === 'done' };
    case 'undone':
      return { outcome: 'undone', word: 'failed', told: lastWord === 'failed' };
    case 'begun': {
      const succeeded = lastWord === undefined ? isInstalled(operation, isDeployed) : lastWord === 'done';
      const told = lastWord !== undefined;
      return succeeded ? { outcome: 'finished', word: 'done', told } : { outcome: 'undone', word: 'interrupted', told };
    }
  }
}

/** Killed when all of it was on disk, and only nobody had been told. */
function isInstalled({ what, subject }: OperationEvent, isDeployed: (key: string) => boolean): boolean {
  return what === 'install' && isDeployed(subject);
}

/** A note cut short is nothing; what a decision may have stood in is kept for a person. */
async function clear(
  layout: StoreLayout,
  { file, stage, reason }: UnreadableRecord,
  fs: FileSystem,
): Promise<StoreProblem> {
  const subject = `operations/${file}`;
  const path = join(layout.operations, file);
  const message = `${subject} ${reason}.`;
  try {
    if (stage === 'begun') {
      await removeDurable(path, fs);
      return { what: 'leftover', subject, message, done: 'removed' };
    }
    return { what: 'operation_unreadable', subject, message, done: `moved to ${await moveAside(layout, path, fs)}` };
  } catch (error) {
    return { what: 'operation_unreadable', subject, message: `${message} ${toFault(error).message}`, done: null };
  }
}

function unfinished({ what, subject }: OperationEvent, reason: string): StoreProblem {
  const message = `${what} of ${subject} was decided before the Runner died, and cannot be finished: ${reason} It is tried again before the next change, and at the next start.`;
  return { what: 'operation_unfinished', subject, message, done: null };
}
