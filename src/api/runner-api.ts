import type { ReleaseKey } from '../../machines/release.js';
import type { NextReport, StatusReport } from '../causes/index.js';
import type { Detection } from '../runner/calls/results.js';
import type { ChangeReport } from '../runner/changes/change-report.js';
import type { RollbackOptions, SwitchOptions } from '../runner/changes/changes.js';
import type { By, OperationUnderWay } from '../runner/changes/operations.js';
import type { Flow } from '../runner/flows/flow.js';
import type { FlowOptions } from '../runner/flows/flow-options.js';
import type { Installed, InstallOptions, ScannedZip } from '../runner/packages/importer.js';
import type { DetectOptions, ForceOptions, PruneOptions } from '../runner/runner.js';
import type { LivingListing } from '../runner/status/living-store.js';
import type { IncidentsRead } from '../runner/status/incidents.js';
import type { ProcessView } from '../runner/status/processes.js';
import type { RunLife } from '../runner/status/run-life.js';
import type { AuditRecord } from '../store/index.js';
import type { TraceRecord } from '../trace/index.js';
import type { Diagnosis } from './diagnose.js';
import type { LogEntry } from './logs/log-entry.js';
import type { LogFilter } from './logs/read-logs.js';
import type { ReadOptions } from './traces/read-records.js';
import type { StoreRuns } from './traces/runs.js';
import type { Why, WhyQuestion } from './traces/why.js';

export type { By, OperationUnderWay, ProcessView };

/** Says who asks: it stands in the audit trail. */
export type Asked<Options extends By = By> = Omit<Options, 'who'> & Required<Pick<By, 'who'>>;

/** How far something is: of what, if that is known, how much. */
export type OnProgress = (done: number, of: number) => void;

export interface NextInRun extends NextReport {
  readonly life: RunLife;
}

/**
 * What can be read of a store, whether a Runner works on it or not: nothing of it takes the lock, writes or asks the Runner.
 * A `trace` is a run as `runs` names it, a `.trace.jsonl` file, or `latest`, the last run that served; the newest run when
 * left out.
 */
export interface RunnerReads {
  /** Every release and route; of a living Runner as it has them now. */
  list(): Promise<LivingListing>;
  /** Whether all is well. @throws RunnerError release_not_found where there is no store */
  status(): Promise<StatusReport>;
  /** What the audit trail holds, the oldest first; of one PID, or of everything. @throws RunnerError store_io_failed */
  history(pid?: string): Promise<readonly AuditRecord[]>;
  /** Lines of the releases' logs, in the order of their time. @throws RunnerError release_not_found */
  logs(filter?: LogFilter, onEntry?: (entry: LogEntry) => void): AsyncIterable<LogEntry>;
  /** The runs there are traces of, the oldest first. @throws RunnerError store_io_failed */
  runs(onProgress?: OnProgress): Promise<StoreRuns>;
  /** The records of one run, in order, in batches. @throws RunnerError release_not_found, trace damage */
  records(trace: string | undefined, options: ReadOptions): AsyncIterable<readonly TraceRecord[]>;
  /** Why an actor is where it is. @throws RunnerError invalid_usage, naming the actors there are */
  why(actor: string, trace?: string, question?: WhyQuestion): Promise<Why>;
  /** What would take an actor out of its state. @throws RunnerError invalid_usage, naming the actors there are */
  next(actor: string, trace?: string, options?: WhyQuestion): Promise<NextInRun>;
  /** What went wrong, the newest first. @throws RunnerError store_io_failed */
  incidents(most: number, onProgress?: OnProgress): Promise<IncidentsRead>;
  /** What host and store offer and lack. Never throws: what cannot be read is among what it found. */
  doctor(onStage?: (stage: string) => void): Promise<Diagnosis>;
}

/** What people ask of a Runner. Each says who asks, and stands in the audit trail; failures are RunnerErrors. */
export interface RunnerCommands {
  install(zip: string, asked: Asked<InstallOptions>): Promise<Installed>;
  activate(release: ReleaseKey, pids: readonly string[], asked: Asked): Promise<ChangeReport>;
  deactivate(pids: readonly string[], asked: Asked): Promise<ChangeReport>;
  switch(pids: readonly string[], release: ReleaseKey, asked: Asked<SwitchOptions>): Promise<ChangeReport>;
  rollback(pid: string, asked: Asked<RollbackOptions>): Promise<ChangeReport>;
  confirm(pids: readonly string[], asked: Asked): Promise<void>;
  start(release: ReleaseKey, asked: Asked): Promise<void>;
  stop(release: ReleaseKey, asked: Asked<ForceOptions>): Promise<void>;
  /**
   * Judges the package of a release that is Invalid again, from its zip in the archive; up to Deployed, unless told.
   *
   * @throws RunnerError operation_conflict when it is not Invalid, release_not_found, what the judgement finds
   */
  recheck(release: ReleaseKey, asked: Asked<InstallOptions>): Promise<Installed>;
  uninstall(release: ReleaseKey, asked: Asked<ForceOptions>): Promise<void>;
  /** Looks for zips nobody has taken up yet, and takes them up; the Runner does it, so nobody is named. */
  scan(): Promise<readonly ScannedZip[]>;
  prune(asked: Asked<PruneOptions>): Promise<readonly ReleaseKey[]>;
}

/** A flow on one release, as a face holds it open. */
export type OpenFlow = Pick<
  Flow,
  'id' | 'pid' | 'release' | 'open' | 'pre' | 'execute' | 'step' | 'detect' | 'close' | 'cancel'
>;

/**
 * The one interface that faces use: the command line, a service, and a client of that. Everything that may take time is
 * asynchronous, so that the Runner may be elsewhere.
 */
export interface RunnerApi extends RunnerReads, RunnerCommands {
  /** The algorithm processes that are alive. */
  processes(): Promise<readonly ProcessView[]>;
  /** The release a PID is bound to. @throws RunnerError invalid_pid */
  routeOf(pid: string): Promise<ReleaseKey>;
  /** What is under way because somebody asked for it, the oldest first. */
  operations(): Promise<readonly OperationUnderWay[]>;
  /** Calls a change of routes off. @throws RunnerError operation_conflict when it is decided, or not under way */
  cancel(operationId: number): Promise<void>;
  /** A whole inspection of one product. */
  detect(options: DetectOptions): Promise<Detection>;
  openFlow(options: FlowOptions): Promise<OpenFlow>;
}
