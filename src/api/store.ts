/** A store as a face that runs beside it reads it: its paths, what it holds by its files, its audit trail. */
export { readStore } from '../runner/status/read-store.js';
export { runLife } from '../runner/status/run-life.js';
export type { RunLife } from '../runner/status/run-life.js';
export { pidsOf, unknownRelease } from '../runner/status/unknown-names.js';
export { storeLayout, verifyAudit } from '../store/index.js';
export type { AuditRecord, AuditVerdict } from '../store/index.js';
