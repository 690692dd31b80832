/**
 * ProcVision Runner as a library (contract §11): a Runner in this process, and `RunnerApi`, the one interface that faces use.
 * Traces and replays are in `procvision-runner/trace`, pictures of the machines in `/diagrams`, packages of algorithms in
 * `/package`, the statecharts in `/machines`, their exploration in `/testing`.
 */
export { createRunner } from './runner/runner.js';
export type { DetectOptions, ForceOptions, PruneOptions, Runner } from './runner/runner.js';
export { closeOnSignals } from './runner/host/close-on-signals.js';
export { VERSION } from './runner/version.js';
export type { InterpreterPolicy, PolicyOptions, RunnerOptions } from './runner/options/options.js';
export { CATALOGUE, FAULT_CODES, RunnerError, toFault } from './base/errors/index.js';
export type { Fault, FaultCode, FaultName } from './base/errors/index.js';

export { apiOf, openApi } from './api/local-api.js';
export type { LocalApi } from './api/local-api.js';
export { readsOf } from './api/store-reads.js';
export type {
  Asked,
  By,
  OpenFlow,
  OperationUnderWay,
  ProcessView,
  RunnerApi,
  RunnerCommands,
  RunnerReads,
} from './api/runner-api.js';

export type { Installed, InstallOptions, ScannedZip } from './runner/packages/importer.js';
export type { ChangeOptions, RollbackOptions, SwitchOptions } from './runner/changes/changes.js';
export type { ChangeReport, ChangeStep } from './runner/changes/change-report.js';
export type { Flow } from './runner/flows/flow.js';
export type { CallOptions, FlowOptions, InspectOptions } from './runner/flows/flow-options.js';
export type {
  CallFacts,
  CallFailed,
  CallResult,
  CallSucceeded,
  Detection,
  StepResult,
} from './runner/calls/results.js';
export type { Listing, ReleaseView, RouteView } from './runner/status/listing.js';
export type { Progress } from './effects/index.js';
export type { Rect, Verdict } from './protocol/index.js';

export { decodeImage, decodeImageFile, drawRect, encodePng, toRgb } from './images/index.js';
export type { EncodedImage, ImageReservation, RawImage, ReservedShape, StridedImage } from './images/index.js';
export type { ImageFacts, ImageInput } from './runner/images/image-input.js';
export { storeLayout } from './store/index.js';
export type { StoreLayout } from './store/index.js';

export type {
  LifecycleState,
  ProbationPolicy,
  ReleaseKey,
  ReleasePolicy,
  RestartPolicy,
  Target,
  Timings,
} from '../machines/index.js';
export type * from './api/library-types.js';
