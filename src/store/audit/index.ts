export { openAudit } from './audit.js';
export { readRecent } from './recent.js';
export type { Audit } from './audit.js';
export type { AuditEvent, AuditRecord, ChainEnd } from './record.js';
export { verifyAudit } from './verify.js';
export type { AuditVerdict } from './verify.js';
export { readLine as readAuditLine } from './record.js';
