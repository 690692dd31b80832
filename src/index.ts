/**
 * ProcVision Runner as a library (contract §11). Everything a face needs is here; the command line uses nothing else.
 */
export { createRunner, Runner } from './runner/runner.js';
export type { DetectOptions } from './runner/runner.js';
export type { Installed, InstallOptions, ScannedZip } from './runner/intake.js';
export type { ChangeOptions, RollbackOptions, SwitchOptions } from './runner/changes.js';
export type { ChangeReport, ChangeStep } from './runner/change-report.js';
export { closeOnSignals } from './runner/close-on-signals.js';
export { readHistory } from './runner/history.js';
export type { PolicyOptions, RunnerOptions } from './runner/options.js';
export { Flow } from './runner/flow.js';
export type { CallOptions, FlowOptions, InspectOptions } from './runner/flow-options.js';
export type { ImageFacts, ImageInput } from './runner/image-input.js';
export type { CallFacts, CallFailed, CallResult, CallSucceeded, Detection, StepResult } from './runner/results.js';
export type { Listing, ReleaseView, RouteView } from './runner/listing.js';
export { readStore } from './runner/read-store.js';
export { inspectHost } from './runner/doctor.js';
export type { HostCheck, HostReport } from './runner/doctor.js';
export { inspectStore } from './runner/doctor-store.js';
export type { StoreReport } from './runner/doctor-store.js';
export { storeChecks } from './runner/doctor-checks.js';
export { VERSION } from './runner/version.js';

export { CATALOGUE, FAULT_CODES, RunnerError, toFault } from './errors/index.js';
export type { Fault, FaultCode, FaultName } from './errors/index.js';

export { readTrace } from './trace/index.js';
export type { TraceHeader, TraceRecord } from './trace/index.js';

export { decodeImage, decodeImageFile, drawRect, encodePng, readEncodedImageFile, toRgb } from './images/index.js';
export type { EncodedImage, RawImage } from './images/index.js';

export {
  discoverInterpreters,
  manifestJsonSchema,
  packageProject,
  parseManifest,
  stepForm,
  validatePackage,
  validateProject,
} from './package/index.js';
export type { Interpreter, Manifest, StepForm, ValidationReport } from './package/index.js';
export { storeLayout, verifyAudit } from './store/index.js';
export type { AuditRecord, AuditVerdict, StoreLayout } from './store/index.js';

export type { Progress } from './effects/index.js';
export type { Rect, Verdict } from './protocol/index.js';
export type {
  ChangeKind,
  LifecycleState,
  MemoryLimits,
  Outcome,
  ProbationPolicy,
  ReleaseKey,
  ReleasePolicy,
  RestartPolicy,
  Target,
  Timings,
} from '../machines/index.js';
