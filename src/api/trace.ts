/**
 * Traces: reading them, following one that is written, replaying them on today's machines, and asking why. The entry
 * `procvision-runner/trace`.
 */
export {
  Correlator,
  faultIn,
  filesOfRun,
  filterTrace,
  GAP,
  isAtOrBelow,
  isFailure,
  lastServedRun,
  listTraceFiles,
  listTraceRuns,
  readRun,
  readRunBlocks,
  readTrace,
  readTraceHeader,
  StatsCounter,
  traceFilter,
  traceLineJsonSchema,
  traceStats,
  TraceTail,
  walkRun,
  walkTrace,
} from '../trace/index.js';
export type {
  ActorStats,
  Correlation,
  FeedOptions,
  SeenFault,
  StateStats,
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
} from '../trace/index.js';
export { actText, stateOf, Stepper } from '../stepping/index.js';
export type { Act, Step } from '../stepping/index.js';
export { InvariantMonitor, machinesOf, replay, sequenceOf, testOf } from '../replay/index.js';
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
} from '../replay/index.js';
export { nextEvents, nextInRun, RunOutline, unknownName, whyActor, whyInRun } from '../causes/index.js';
export type {
  CauseKind,
  EventSource,
  HidingGap,
  NextEvent,
  NextReport,
  WhyLink,
  WhyOptions,
  WhyReport,
} from '../causes/index.js';

// Mentioned by the signatures above.
export type { NamedKind } from '../causes/known-actor.js';
export type { NamesAsked } from '../causes/run-outline.js';
export type { ArmedTimer, ReplayedActor, Sent, StepTaken } from '../replay/replayed-actor.js';
export type { ReadBefore } from '../trace/gap.js';
export type { BlockChoice, OnShare } from '../trace/reader.js';
export type { RunBlocksOptions, TraceRunGap } from '../trace/runs.js';
