/** Packages of algorithms: judging a project or a zip, and making the zip. The entry `procvision-runner/package`. */
export {
  discoverInterpreters,
  manifestJsonSchema,
  packageProject,
  parseManifest,
  readUntrustedManifest,
  validatePackage,
  validateProject,
} from '../package/index.js';
export type { ArchiveLimits, Interpreter, Manifest, ValidationReport } from '../package/index.js';
export { findInterpreters } from '../runner/packages/interpreters.js';
export type * from './package-types.js';
