/**
 * Types that signatures of src/index.ts mention and few hosts need by name. Complete: test/docs/installed/exported-types.test.ts
 * names what is missing. Where two modules use one word, the rarer has another name here.
 */
export type {
  ChangeoverContext,
  ChangeoverEvent,
  ChangeoverInput,
  ChangeoverReport,
  ChangeoverStage,
} from '../machines/changeover.events.js';
export type { Invariant, Judgement } from '../machines/invariants/invariant.js';
export type { HeartbeatReport } from '../machines/heartbeat.machine.js';
export type {
  Asked,
  Contexts,
  Delivered as DeliveredEvent,
  Emissions,
  Emitted,
  Ended,
  Events,
  Inner,
  MachineName,
  Seen,
  Shown,
  SystemView,
} from '../machines/invariants/view.js';
export type {
  AcceptedCall,
  CallEvent,
  PackageCommand,
  PackageContext,
  PackageEmitted,
  PackageEvent,
  PackageReport,
  ReleaseFacts,
  Slot,
  Standing,
  StoreFacts,
  StoredRelease,
  StoredRoute,
} from '../machines/package.events.js';
export type { Trial } from '../machines/probation.js';
export type {
  LaunchSpec,
  OsCommand,
  OsEvent,
  OsProcessInput,
  ProcessCommand,
  ProcessContext,
  ProcessEvent,
  ProcessInput,
  ProcessReport,
} from '../machines/process.events.js';
export type { RestingState, Wanted } from '../machines/release.js';
export type {
  ActivationFacts,
  RouteContext,
  RouteEmitted,
  RouteEvent,
  RoutePolicy,
  RouteRecord,
  RouteReport,
} from '../machines/route.events.js';
export type {
  Needs,
  OpenChangeover,
  RunnerContext,
  RunnerEmitted,
  RunnerEvent,
  RunnerInput,
} from '../machines/runner.events.js';
export type { StateKind } from './diagrams/chart/chart.js';
export type { EventKind } from './diagrams/chart/event-name.js';
export type { DiagramSchema } from './diagrams/text/json-schema.js';
export type { ErrorOptions } from './base/errors/runner-error.js';
export type { ImageOptions as SampleOptions } from './images/decode.js';
export type { Color, Rect as PixelRect } from './images/draw.js';
export type { FileFormat } from './images/headers/image-header.js';
export type { Channels, ColorSpace, ImageFormat, Shape } from './images/image.js';
export type { Reclaimed } from './images/pool-folder.js';
export type { IsolationLevel } from './platform/isolation-level.js';
export type { Archive, ArchiveEntry, FileIdentity } from './package/archive/archive.js';
export type { DiscoverOptions } from './package/interpreter/discover.js';
export type { Json, JsonObject } from './package/json/json.js';
export type { HardJudge } from './package/manifest/check-param.js';
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
} from './package/manifest/manifest.js';
export type { ParsedManifest } from './package/manifest/parse-manifest.js';
export type { ReadManifestOptions } from './package/manifest/read-untrusted-manifest.js';
export type { HardCheck, HardRule } from './package/params/findings.js';
export type { Params } from './package/params/params.js';
export type { PackageOptions } from './package/project/package-options.js';
export type { PackagedProject } from './package/project/package-project.js';
export type { Dependency } from './package/requirements/dependency.js';
export type {
  Marker,
  MarkerEnvironment,
  MarkerOperand,
  MarkerOperator,
  MarkerVariable,
} from './package/requirements/marker.js';
export type { Specifier, SpecifierOperator } from './package/requirements/specifier.js';
export type { Version } from './package/requirements/version.js';
export type { Footprint } from './package/validation/check-budget.js';
export type { WheelCheckOptions } from './package/validation/check-wheels.js';
export type { Check, CheckName } from './package/validation/report.js';
export type { ValidateOptions, ValidatedPackage, Validation } from './package/validation/validate-package.js';
export type { Wheel } from './package/wheels/inspect-wheel.js';
export type { Metadata } from './package/wheels/metadata.js';
export type { PinnedWheel } from './package/wheels/pinned-wheel.js';
export type { WheelName } from './package/wheels/wheel-name.js';
export type { Phase } from './protocol/call.js';
export type { UndecodedImages } from './protocol/undecoded.js';
export type { ArmedTimer, ReplayedActor, Sent, StepTaken } from './replay/replayed-actor.js';
export type { FaultedRelease, FaultedRoute } from './runner/doctor/faulted.js';
export type { StoreHolder } from './runner/doctor/holder.js';
export type { SegmentsFound } from './runner/doctor/segments.js';
export type { ImageOptions, ImagePolicy } from './runner/images/image-options.js';
export type { AsideFile } from './store/quarantine.js';
export type { AuditEvent, ChainEnd } from './store/audit/record.js';
export type {
  EntryKind,
  FileFacts,
  FileSystem,
  ListedEntry,
  OpenFile,
  RoomFacts,
} from './store/durable/file-system.js';
export type {
  Announced,
  BegunOperation,
  CommittedOperation,
  Operation,
  OperationEvent,
  OperationId,
  Redo,
  Uninstallation,
} from './store/journal/operation.js';
export type { RecoveredOperation } from './store/journal/recover.js';
export type { LastRecovery, RecoveringHost, RecoverySummary } from './store/last-recovery.js';
export type { Holder as LockHolder, LockKind } from './store/lock/claims.js';
export type { ProblemKind, StoreProblem } from './store/problem.js';
export type { Route, RouteTarget } from './store/routes/route.js';
export type { FirstLook } from './trace/first-look.js';
export type { BlockChoice, OnShare } from './trace/reader.js';
export type { RunBlocksOptions, TraceRunGap } from './trace/runs.js';
export type { FailedAttempt } from './effects/calls.js';
export type { RunnerLife } from './causes/status-facts.js';
export type { NamedKind } from './causes/known-actor.js';
export type { NamesAsked } from './causes/run-outline.js';
export type { TraceEndFacts } from './trace/schema.js';
export type { Incident } from './causes/incidents.js';
export type { SystemPackage } from './package/interpreter/interpreter.js';
export type { LeftOut } from './package/project/collect-files.js';
export type { ProjectOptions as ValidateProjectOptions } from './package/validation/validate-project.js';
export type { Room } from './runner/doctor/space.js';
export type { Candidates as InterpreterCandidates } from './runner/packages/interpreters.js';
export type { KnownNames } from './runner/status/unknown-names.js';
export type { WhyLeftOut } from './package/project/ignore.js';
