/** Types that signatures of src/api/package.ts mention and few hosts need by name; complete, as src/api/library-types.ts. */
export type { Archive, ArchiveEntry, FileIdentity } from '../package/archive/archive.js';
export type { DiscoverOptions } from '../package/interpreter/discover.js';
export type { SystemPackage } from '../package/interpreter/interpreter.js';
export type { HardJudge } from '../package/manifest/check-param.js';
export type {
  ArrayValue,
  BoolValue,
  EntryPoint,
  EnumValue,
  ItemValue,
  JsonValue,
  ManifestWarning,
  ManifestWarningCode,
  NumberValue,
  Param,
  Problem,
  RectValue,
  Scalar,
  Step as ManifestStep,
  StringValue,
  ValueSpec,
} from '../package/manifest/manifest.js';
export type { ParsedManifest } from '../package/manifest/parse-manifest.js';
export type { ReadManifestOptions } from '../package/manifest/read-untrusted-manifest.js';
export type { HardCheck, HardRule } from '../package/params/findings.js';
export type { LeftOut } from '../package/project/collect-files.js';
export type { WhyLeftOut } from '../package/project/ignore.js';
export type { PackageOptions } from '../package/project/package-options.js';
export type { PackagedProject } from '../package/project/package-project.js';
export type { Dependency } from '../package/requirements/dependency.js';
export type {
  Marker,
  MarkerEnvironment,
  MarkerOperand,
  MarkerOperator,
  MarkerVariable,
} from '../package/requirements/marker.js';
export type { Specifier, SpecifierOperator } from '../package/requirements/specifier.js';
export type { Version } from '../package/requirements/version.js';
export type { Footprint } from '../package/validation/check-budget.js';
export type { WheelCheckOptions } from '../package/validation/check-wheels.js';
export type { Check, CheckName } from '../package/validation/report.js';
export type { ValidateOptions, ValidatedPackage, Validation } from '../package/validation/validate-package.js';
export type { ProjectOptions as ValidateProjectOptions } from '../package/validation/validate-project.js';
export type { Wheel } from '../package/wheels/inspect-wheel.js';
export type { Metadata } from '../package/wheels/metadata.js';
export type { PinnedWheel } from '../package/wheels/pinned-wheel.js';
export type { WheelName } from '../package/wheels/wheel-name.js';
export type { Candidates as InterpreterCandidates } from '../runner/packages/interpreters.js';
