/**
 * Types that signatures of src/index.ts mention and few hosts need by name. Complete: test/docs/installed/exported-types.test.ts
 * names what is missing. Where two modules use one word, the rarer has another name here.
 */
export type { Diagnosis } from './diagnose.js';
export type { Level, LogEntry } from './logs/log-entry.js';
export type { LogFilter } from './logs/read-logs.js';
export type { NextInRun, OnProgress } from './runner-api.js';
export type { ReadOptions } from './traces/read-records.js';
export type { StoreRuns } from './traces/runs.js';
export type { Why, WhyQuestion, WhyStand } from './traces/why.js';
export type { ErrorOptions } from '../base/errors/runner-error.js';
export type { Incident } from '../causes/incidents.js';
export type { Amiss, PidStatus, RunnerLife, RunnerStatus, StatusReport } from '../causes/status-facts.js';
export type { FailedAttempt } from '../effects/calls.js';
export type { DecodeOptions, ImageOptions as SampleOptions } from '../images/decode.js';
export type { Color, Rect as PixelRect } from '../images/draw.js';
export type { Channels, ColorSpace, ImageFormat, Shape } from '../images/image.js';
export type { BitDepth, DecodeLimits } from '../images/limits.js';
export type { Reclaimed } from '../images/pool-folder.js';
export type { Json, JsonObject } from '../base/json/index.js';
export type { Params } from '../package/params/params.js';
export type { StepForm } from '../package/params/step-form.js';
export type { IsolationLevel } from '../platform/isolation-level.js';
export type { Phase } from '../protocol/call.js';
export type { UndecodedImages } from '../protocol/undecoded.js';
export type { FaultedRelease, FaultedRoute } from '../runner/doctor/faulted.js';
export type { StoreHolder } from '../runner/doctor/holder.js';
export type { HostCheck, HostReport } from '../runner/doctor/host-checks.js';
export type { SegmentsFound } from '../runner/doctor/segments.js';
export type { StoreReport } from '../runner/doctor/store-checks.js';
export type { ImageOptions, ImagePolicy } from '../runner/images/image-options.js';
export type { IncidentsRead, RunIncident, StoreIncident } from '../runner/status/incidents.js';
export type { LivingListing } from '../runner/status/living-store.js';
export type { RunLife } from '../runner/status/run-life.js';
export type { AuditEvent, AuditRecord } from '../store/audit/record.js';
export type {
  Announced,
  BegunOperation,
  CommittedOperation,
  Operation,
  OperationEvent,
  OperationId,
  Redo,
  Uninstallation,
} from '../store/journal/operation.js';
export type { RecoveredOperation } from '../store/journal/recover.js';
export type { LastRecovery, RecoveringHost, RecoverySummary } from '../store/last-recovery.js';
export type { Holder as LockHolder, LockKind } from '../store/lock/claims.js';
export type { ProblemKind, StoreProblem } from '../store/problem.js';
export type { AsideFile } from '../store/quarantine.js';
export type { Route, RouteTarget } from '../store/routes/route.js';
