import { RunnerError, toFault } from '../../base/errors/index.js';
import { isUndone, withVisible } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import { firstIssue } from '../text.js';
import type { OpenStore } from './open-store.js';
import { redoSchema } from './operation.js';
import type { BegunOperation, OperationEvent, OperationId, Redo } from './operation.js';
import { applyAgain, prepareSteps } from './steps.js';
import type { Step } from './steps.js';
import { recordOf } from './telling.js';

/**
 * Makes the changes of an operation, all or none, in the order record, audit trail, files, end of the record.
 *
 * INVARIANTS
 * - An operation that cannot be recorded, in the journal and in the trail, does not happen.
 * - Resolved: all of it is on disk. Rejected: all of it is as before. Rejected with `details.visible`: it is decided and
 *   cannot be taken back, unless by a power loss; memory has to follow it, and what is missing is done before the next
 *   commit or at the next start.
 * - A kill at any point leaves the record, which finishes the operation, or changes nothing.
 */
export async function carryOut(
  store: OpenStore,
  which: OperationId | OperationEvent,
  redo: Redo,
  fs: FileSystem,
): Promise<void> {
  const { journal, audit } = store;
  const attempt: Attempt = { operation: openOperation(store, which), applied: [], told: false, stuck: false };
  const { id, at, details: asked } = attempt.operation;
  try {
    await journal.payDebts(); // what they change is what this operation begins with
    const { steps, details } = await prepareSteps(store, redo, at, fs);
    requireFit(redo);
    attempt.operation = { ...attempt.operation, details: { ...asked, ...details } };
    await journal.commit(id, redo, attempt.operation.details);
    await audit.append(recordOf(attempt.operation, 'done'));
    attempt.told = true;
    for (const step of steps) await apply(step, attempt);
  } catch (error) {
    await takeBack(store, attempt, error, () => applyAgain(store, redo, at, fs));
  }
  await journal.end(id);
  for (const step of attempt.applied) await step.tidy();
}

interface Attempt {
  operation: BegunOperation;
  /** The last one first. */
  readonly applied: Step[];
  /** The audit trail says that it was done. */
  told: boolean;
  /** A step failed in a way that left its change in place, or may bring it back. */
  stuck: boolean;
}

/** What could not be read back after a crash is not decided. */
function requireFit(redo: Redo): void {
  const { success, error } = redoSchema.safeParse(redo);
  if (!success) throw new RunnerError('invalid_usage', `The operation cannot be recorded: ${firstIssue(error)}.`);
}

function openOperation({ journal }: OpenStore, which: OperationId | OperationEvent): BegunOperation {
  return typeof which === 'number' ? journal.get(which) : journal.announce(which);
}

async function apply(step: Step, attempt: Attempt): Promise<void> {
  try {
    await step.apply();
    attempt.applied.unshift(step);
  } catch (error) {
    attempt.stuck = !isUndone(error);
    throw error;
  }
}

/** Undoes a failed attempt and rejects with its failure; resolves only if a second attempt succeeded after all. */
async function takeBack(
  { journal, audit }: OpenStore,
  attempt: Attempt,
  error: unknown,
  applyAll: () => Promise<void>,
): Promise<void> {
  const { operation, applied, stuck } = attempt;
  const { id } = operation;
  if (!stuck && (await undoAll(applied)) && (await journal.retract(id))) {
    const failed = recordOf(operation, 'failed', { fault: toFault(error) });
    await audit.append(failed).then(
      () => journal.end(id),
      (why: unknown) => (isOfDisk(why) ? journal.owe(id, () => audit.append(failed)) : journal.end(id)),
    );
    throw withVisible(error, false);
  }
  // The record stays, and with it the decision: the only way left is forwards.
  const finish = async (): Promise<void> => {
    await journal.sync(); // the failure may have been that of the record's own fsync
    await applyAll();
    if (!attempt.told) await audit.append(recordOf(operation, 'done'));
    attempt.told = true;
  };
  await finish().catch(() => {
    journal.owe(id, finish);
    throw withVisible(error, true);
  });
}

/** It may go better the next time; what JSON cannot hold never will. */
function isOfDisk(error: unknown): boolean {
  return error instanceof RunnerError && error.faultName === 'store_io_failed';
}

async function undoAll(applied: readonly Step[]): Promise<boolean> {
  for (const step of applied) if (!(await step.undo())) return false;
  return true;
}
