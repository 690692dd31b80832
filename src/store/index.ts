/** The store of contract §9: a leaf library. What it keeps is facts; what they mean is decided elsewhere. */
export { storeLayout, prepareStore } from './layout.js';
export type { StoreLayout } from './layout.js';
export { requireSafeFileName } from './safe-name.js';
export type { NameKind } from './safe-name.js';
export { problemFault } from './problem.js';
export type { ProblemKind, StoreProblem } from './problem.js';
export { recoverStore } from './recover.js';
export type { RecoveredStore } from './recover.js';
export { routeUnsupported } from './cross-check.js';
export type { ReleaseFacts } from './cross-check.js';
export { readLastRecovery } from './last-recovery.js';
export type { LastRecovery } from './last-recovery.js';
export { listAside } from './quarantine.js';
export type { AsideFile } from './quarantine.js';
export {
  appendDurable,
  isVisible as isDecided,
  makeFolderDurable,
  nodeFileSystem,
  readOnly,
  readSmallFile,
  removeDurable,
  removeTree,
  requireSpace,
  renameDurable,
  syncTree,
  writeFileDurable,
} from './durable/index.js';
export type { EntryKind, FileFacts, FileSystem, ListedEntry, OpenFile } from './durable/index.js';
export { acquireFolderLock, acquireStoreLock } from './lock/index.js';
export type { FolderLock, Holder, LockKind, LockOptions, StoreLock } from './lock/index.js';
export { RESTING_STATES, openRegistry } from './registry/index.js';
export type { ForgottenZip, Installation, Registry, RegistryEntry, RestingState } from './registry/index.js';
export { commitRoutes, openJournal, readOperations, uninstallRelease } from './journal/index.js';
export type {
  FoundOperations,
  Journal,
  OpenStore,
  Operation,
  OperationEvent,
  OperationId,
  RecoveredOperation,
} from './journal/index.js';
export { readRoutes, removeRoute, writeRoute } from './routes/index.js';
export type { Route, RouteTarget, Routes } from './routes/index.js';
export { openAudit, readAuditLine, readRecent, verifyAudit } from './audit/index.js';
export type { Audit, AuditEvent, AuditRecord, AuditVerdict, ChainEnd } from './audit/index.js';
export { importZip, removeZip, scanZips } from './zips/index.js';
export type {
  ImportOptions,
  ImportedZip,
  ScanOptions,
  SettlingZip,
  ZipFacts,
  ZipLooks,
  ZipScan,
} from './zips/index.js';
export {
  beginDeployment,
  completeDeployment,
  deploymentState,
  discardDeployment,
  findAlteredFiles,
  listInstalledFiles,
  newStaging,
  sweepDeployments,
} from './deployments/index.js';
export type { DeploymentFacts, DeploymentState, InstallationRecord, SweptDeployments } from './deployments/index.js';
