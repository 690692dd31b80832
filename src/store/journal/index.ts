export { openJournal } from './journal.js';
export type { Journal } from './journal.js';
export { commitRoutes, uninstallRelease } from './operations.js';
export type { OpenStore } from './open-store.js';
export type { CommittedOperation, Operation, OperationEvent, OperationId, OperationStage, Redo } from './operation.js';
export { endOperations, redoOperations } from './recover.js';
export type { OperationEnd, RecoveredOperation } from './recover.js';
export { readOperations } from './read.js';
export type { FoundOperations, UnreadableRecord } from './read.js';
