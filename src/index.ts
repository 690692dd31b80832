/**
 * ProcVision Runner as a library (contract §11). Everything a face needs is here; the command line uses nothing else.
 */
export { createRunner } from './runner/runner.js';
export type { DetectOptions, Runner } from './runner/runner.js';
export type { Installed, InstallOptions, ScannedZip } from './runner/packages/importer.js';
export type { ChangeOptions, RollbackOptions, SwitchOptions } from './runner/changes/changes.js';
export type { ChangeReport, ChangeStep } from './runner/changes/change-report.js';
export { closeOnSignals } from './runner/host/close-on-signals.js';
export { readHistory } from './runner/status/history.js';
export type { InterpreterPolicy, PolicyOptions, RunnerOptions } from './runner/options/options.js';
export type { Flow } from './runner/flows/flow.js';
export type { CallOptions, FlowOptions, InspectOptions } from './runner/flows/flow-options.js';
export type { ImageFacts, ImageInput } from './runner/images/image-input.js';
export type {
  CallFacts,
  CallFailed,
  CallResult,
  CallSucceeded,
  Detection,
  StepResult,
} from './runner/calls/results.js';
export type { Listing, ReleaseView, RouteView } from './runner/status/listing.js';
export { findInterpreters } from './runner/packages/interpreters.js';
export { readSettings } from './runner/options/settings/read-settings.js';
export type { StoreSettings } from './runner/options/settings/read-settings.js';
export { settingRows } from './runner/options/settings/rows.js';
export type { SettingRow } from './runner/options/settings/rows.js';
export { settingsJsonSchema } from './runner/options/settings/json-schema.js';
export type { Settings } from './runner/options/settings/settings-schema.js';
export { readLivingStore } from './runner/status/living-store.js';
export type { LivingListing } from './runner/status/living-store.js';
export { livesOfRuns, runLife } from './runner/status/run-life.js';
export type { RunLife } from './runner/status/run-life.js';
export { readIncidents } from './runner/status/incidents.js';
export type { IncidentsRead, RunIncident, StoreIncident } from './runner/status/incidents.js';
export { readStatus } from './runner/status/read-status.js';
export { readStore } from './runner/status/read-store.js';
export { pidsOf, unknownRelease } from './runner/status/unknown-names.js';
export { inspectHost } from './runner/doctor/host-checks.js';
export type { HostCheck, HostReport } from './runner/doctor/host-checks.js';
export { inspectStore } from './runner/doctor/store-checks.js';
export type { StoreReport } from './runner/doctor/store-checks.js';
export { judgeRoom, spaceChecks } from './runner/doctor/space.js';
export { traceCheck } from './runner/status/trace-check.js';
export { storeChecks } from './runner/doctor/checks.js';
export { writeSupportBundle } from './runner/support/support-bundle.js';
export type { BundleEntry, SupportBundle, SupportBundleOptions } from './runner/support/support-bundle.js';
export type { LeftOutOfBundle } from './runner/support/find-sources.js';
export { VERSION } from './runner/version.js';

export {
  CATALOGUE,
  cutText,
  didYouMean,
  FAULT_CODES,
  namesHint,
  nearestNames,
  RunnerError,
  toFault,
  visibleJson,
  visibleText,
} from './base/errors/index.js';
export type { Fault, FaultCode, FaultName } from './base/errors/index.js';

export {
  Correlator,
  faultIn,
  filterTrace,
  GAP,
  isAtOrBelow,
  isFailure,
  lastRecordOf,
  lastServedRun,
  linkedTraces,
  listTraceFiles,
  listTraceRuns,
  filesOfRun,
  readRun,
  readRunBlocks,
  readTrace,
  readTraceHeader,
  runsOf,
  traceFilter,
  traceLineJsonSchema,
  StatsCounter,
  traceStats,
  TraceTail,
  walkRun,
  walkTrace,
} from './trace/index.js';
export type {
  ActorStats,
  Correlation,
  FeedOptions,
  ReadBefore,
  StateStats,
  SeenFault,
  SubscribeOptions,
  TraceEnd,
  TraceFeed,
  TraceFileName,
  TraceFilter,
  TraceHeader,
  TraceRecord,
  TraceRun,
  TraceStats,
  TraceSubscription,
} from './trace/index.js';

export { actText, stateOf, Stepper } from './stepping/index.js';
export type { Act, Step } from './stepping/index.js';

export { InvariantMonitor, machinesOf, replay, ReplayedSystem, sequenceOf, testOf } from './replay/index.js';
export type {
  BrokenInvariant,
  ChangedDecision,
  DifferingGuard,
  Divergence,
  DivergenceKind,
  MachineVersions,
  MonitorListener,
  ReplayedStep,
  ReplayOptions,
  ReplayReport,
  Sequence,
  SequenceOptions,
  SequenceStep,
  Standpoint,
  TestImports,
  Violation,
} from './replay/index.js';

export { nextEvents, nextInRun, RunOutline, unknownName, whyActor, whyInRun } from './causes/index.js';
export type {
  ActorNow,
  Amiss,
  PidStatus,
  RunnerStatus,
  StatusReport,
  CauseKind,
  EventSource,
  NextEvent,
  NextReport,
  HidingGap,
  WhyLink,
  WhyOptions,
  WhyReport,
} from './causes/index.js';

export {
  decodeImage,
  decodeImageFile,
  drawRect,
  encodePng,
  probeImageFile,
  readEncodedImageFile,
  readImageHeader,
  toRgb,
} from './images/index.js';
export type {
  BitDepth,
  DecodeLimits,
  DecodeOptions,
  EncodedImage,
  ImageHeader,
  ImageReservation,
  RawImage,
  ReservedShape,
  StridedImage,
} from './images/index.js';

export {
  discoverInterpreters,
  manifestJsonSchema,
  packageProject,
  parseManifest,
  readUntrustedManifest,
  stepForm,
  validatePackage,
  validateProject,
} from './package/index.js';
export type { ArchiveLimits, Interpreter, Manifest, StepForm, ValidationReport } from './package/index.js';
export {
  actorTree,
  countVisits,
  DIAGRAM_FORMATS,
  diagramJsonSchema,
  drawActors,
  drawMachine,
  readChart,
  WORDS as MACHINE_WORDS,
} from './diagrams/index.js';
export type {
  ActorTree,
  Chart,
  ChartEffect,
  ChartState,
  ChartTransition,
  DelayWords,
  Delivered,
  DiagramFormat,
  DrawOptions,
  EventWords,
  MachineWords,
  Visits,
} from './diagrams/index.js';
export { textLines } from './base/files/index.js';
export { storeLayout, verifyAudit } from './store/index.js';
export type { AuditRecord, AuditVerdict, StoreLayout } from './store/index.js';

export type { Progress } from './effects/index.js';
export type { Rect, Verdict } from './protocol/index.js';
export { MACHINES } from '../machines/index.js';
export type {
  ChangeKind,
  LifecycleState,
  MemoryLimits,
  Outcome,
  ProbationPolicy,
  ProcessLimits,
  ReleaseKey,
  ReleasePolicy,
  RestartPolicy,
  Target,
  Timings,
} from '../machines/index.js';
export type * from './mentioned-types.js';
