export { acquireStoreLock } from './store-lock.js';
export type { LockOptions, StoreLock } from './store-lock.js';
export type { Holder, LockKind } from './claims.js';
export { acquireFolderLock } from './folder-lock.js';
export type { FolderLock } from './folder-lock.js';
