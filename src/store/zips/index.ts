export { importZip, removeZip } from './import.js';
export type { ImportOptions, ImportedZip } from './import.js';
export { scanZips } from './scan.js';
export type { ScanOptions, SettlingZip, ZipFacts, ZipLooks, ZipScan } from './scan.js';
