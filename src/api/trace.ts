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
  linkedTraces,
  listTraceFiles,
  listTraceRuns,
  readRun,
  readRunBlocks,
  readTrace,
  readTraceHeader,
  runsOf,
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
export { InvariantMonitor, machinesOf, replay, ReplayedSystem, sequenceOf, testOf } from '../replay/index.js';
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
