import { DEFAULT_KEEP } from '../../machines/retention.js';
import type { ReleaseKey } from '../../machines/release.js';
import { packageId } from '../../machines/runner.events.js';
import { pidsThatNeed } from '../../machines/runner.needs.js';
import { fault, RunnerError, toFault } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';
import type { IsolationLevel } from '../effects/index.js';
import type { ImageReservation, ReservedShape } from '../images/index.js';
import { stepForm } from '../package/index.js';
import type { StepForm } from '../package/index.js';
import { PendingCalls } from './calls/calls.js';
import { checkArguments } from './calls/check-arguments.js';
import type { Method } from './calls/check-arguments.js';
import { checkOptions } from './options/check-options.js';
import { Changes } from './changes/changes.js';
import type { RollbackOptions, SwitchOptions } from './changes/changes.js';
import type { ChangeReport } from './changes/change-report.js';
import { Commands } from './changes/commands.js';
import { Flow } from './flows/flow.js';
import type { FlowOptions, InspectOptions } from './flows/flow-options.js';
import { openHost } from './host/host.js';
import type { Host } from './host/host.js';
import { Importer } from './packages/importer.js';
import type { Installed, InstallOptions, ScannedZip } from './packages/importer.js';
import { readHistory } from './status/history.js';
import { listingOf } from './status/listing.js';
import { processesOf } from './status/processes.js';
import type { ProcessView } from './status/processes.js';
import type { Listing } from './status/listing.js';
import { Operations } from './changes/operations.js';
import type { By, OperationUnderWay } from './changes/operations.js';
import type { RunnerOptions } from './options/options.js';
import type { Detection } from './calls/results.js';
import { withSettings } from './options/settings/layers.js';
import { readSettings } from './options/settings/read-settings.js';
import { removableIn } from './changes/retention.js';
import { hasEnded, requireManifest, requireStanding, settledStanding } from './host/release-status.js';
import { unboundPid } from './status/unknown-names.js';
import type { BrokenInvariant } from '../replay/index.js';
import type { TraceFeed } from '../trace/index.js';

export interface DetectOptions extends FlowOptions, InspectOptions {
  readonly image: NonNullable<InspectOptions['image']>;
}

export interface ForceOptions extends By {
  readonly force?: boolean;
}

export interface PruneOptions extends By {
  /** How many of each algorithm stay, beside those PIDs need. */
  readonly keep?: number;
  readonly remove?: boolean;
}

/**
 * Opens a Runner on a store. What `settings.json` there sets holds where the options say nothing.
 *
 * @throws RunnerError invalid_usage for wrong options; settings_invalid; store_locked when another Runner works on it; store_io_failed, store_corrupt, host_unfit
 */
export async function createRunner(options: RunnerOptions): Promise<Runner> {
  checkOptions(options);
  const merged = withSettings(options, (await readSettings(options.store)).settings);
  return runnerOn(await openHost(merged), merged);
}

/**
 * Starts what a host holds and puts a Runner on it.
 *
 * @internal for hosts that are made otherwise than by `openHost`
 * @throws RunnerError why it could not start; the host is released then
 */
export async function runnerOn(host: Host, options: RunnerOptions): Promise<Runner> {
  const failed = await start(host);
  if (failed !== null) {
    await host.release();
    throw RunnerError.from(failed);
  }
  return new Runner(host, options);
}

function start({ actor }: Host): Promise<Fault | null> {
  return new Promise((resolve) => {
    const life = actor.subscribe({
      next(snapshot) {
        if (snapshot.matches('Opening') || snapshot.matches('Placing')) return;
        life.unsubscribe();
        resolve(snapshot.matches('Failed') ? (snapshot.context.fault ?? toFault('the store could not be read')) : null);
      },
      error(error) {
        resolve(toFault(error));
      },
    });
    actor.start();
  });
}

/** One Runner on one store (contract §11, "Library"). Every failure is a RunnerError with code, message and hint. */
export class Runner {
  readonly #host: Host;
  readonly #options: RunnerOptions;
  readonly #commands: Commands;
  readonly #operations: Operations;
  readonly #changes: Changes;
  readonly #pendingCalls: PendingCalls;
  readonly #flows = new Set<Flow>();
  readonly #importer: Importer;
  readonly #born: string;
  #lastFlow = 0;
  readonly #hurried = new AbortController();
  #closing: Promise<void> | undefined;

  /** @internal use createRunner */
  constructor(host: Host, options: RunnerOptions) {
    this.#host = host;
    this.#options = options;
    this.#born = host.services.clock.wallMs().toString(36);
    this.#commands = new Commands(host);
    this.#pendingCalls = new PendingCalls(host, options.images?.waitingBytesMax);
    this.#operations = new Operations(host, options.actor ?? 'library');
    this.#changes = new Changes(host, this.#pendingCalls, this.#commands, this.#operations);
    this.#importer = new Importer(host, this.#commands, this.#operations, options);
    this.#importer.scanRegularly();
    host.actor.on('actor.failed', ({ actor, fault: why }) => {
      host.services.problems.note(failedActor(actor, why));
      for (const [osPid, { key }] of host.services.processes) if (packageId(key) === actor) host.killProcess(osPid);
    });
  }

  /** How sure it is that no algorithm outlives this Runner. */
  get isolation(): IsolationLevel {
    return this.#host.services.isolation.level;
  }

  /** The trace being written; null when tracing is off, or no file could be begun yet. */
  get traceFile(): string | null {
    const file = this.#host.recorder?.file() ?? '';
    return file === '' ? null : file;
  }

  /** The records as they are written: async iterator and subscription, resumable by sequence number. */
  get trace(): TraceFeed {
    return this.#host.trace;
  }

  /**
   * Hears of invariants of the architecture that this Runner did not keep, each violation once: a defect of the Runner, to
   * be reported with its trace. What the listener throws goes nowhere.
   */
  on(_event: 'invariant.broken', listener: (broken: BrokenInvariant) => void): { unsubscribe(): void } {
    const listeners = this.#host.monitoring?.listeners;
    listeners?.add(listener);
    return { unsubscribe: () => void listeners?.delete(listener) };
  }

  /**
   * What was found amiss in the store when it was opened, and what was done about it (store_corrupt); logs and traces that
   * cannot be written (log_interrupted, trace_interrupted); failed actors by name (actor_failed).
   */
  get problems(): readonly RunnerError[] {
    return this.#host.services.problems.all;
  }

  /** The memory images travel through: how much of it is in use, what a dead Runner had left. */
  get images() {
    return { ...this.#host.pool.stats(), reclaimed: this.#host.pool.reclaimed, folder: this.#host.pool.folder };
  }

  /**
   * Takes a zip in and brings its release to Running (or as far as `target` says).
   *
   * @param zip path of the offline zip; it is copied into the store's archive
   * @throws RunnerError 2001–2005 or the probe's code when it ends Invalid (`details.report` has every check);
   * already_installed; start_failed
   */
  install(zip: string, options: InstallOptions = {}): Promise<Installed> {
    return this.#asked('install', { zip, options }, () => this.#importer.install(zip, options));
  }

  /**
   * Binds PIDs to a release, all of them or none; it is started first, and nothing is bound before it is ready
   * (contract §8).
   *
   * @throws RunnerError activation_conflict, model_not_found, operation_conflict, or why the release did not get ready
   */
  activate(release: ReleaseKey, pids: readonly string[], by: By = {}): Promise<ChangeReport> {
    return this.#asked('activate', { release, pids, by }, () => this.#changes.activate(release, pids, by));
  }

  /** Unbinds PIDs, all of them or none; flows already begun finish. @throws RunnerError invalid_pid when one is not bound */
  deactivate(pids: readonly string[], by: By = {}): Promise<ChangeReport> {
    return this.#asked('deactivate', { pids, by }, () => this.#changes.deactivate(pids, by));
  }

  /**
   * Moves PIDs to another release of their algorithm with no downtime, all of them or none: it is started, shakes hands
   * and agrees with its manifest; then the change is written; flows already begun finish where they began (contract §8).
   * The old release stays warm until the new one has proved itself, and PIDs return to it by themselves if it does not.
   *
   * @throws RunnerError why nothing was changed: as `activate`, operation_cancelled
   */
  switch(pids: readonly string[], release: ReleaseKey, options: SwitchOptions = {}): Promise<ChangeReport> {
    return this.#asked('switch', { pids, release, options }, () => this.#changes.switch(pids, release, options));
  }

  /**
   * Returns a PID to the release it was switched from, or to any other that is deployed; at once while that is warm.
   *
   * @throws RunnerError invalid_usage when there is none to return to; otherwise as `switch`
   */
  rollback(pid: string, options: RollbackOptions = {}): Promise<ChangeReport> {
    return this.#asked('rollback', { pid, options }, () => this.#changes.rollback(pid, options));
  }

  /** Ends the probation of PIDs: their release has proved itself. @throws RunnerError operation_conflict when one has none */
  confirm(pids: readonly string[], by: By = {}): Promise<void> {
    return this.#asked('confirm', { pids, by }, () => this.#changes.confirm(pids, by));
  }

  /** What the audit trail holds of a PID, the oldest first. */
  async history(pid: string): ReturnType<typeof readHistory> {
    checkArguments('history', { pid });
    return readHistory(this.#host.services.layout.root, pid);
  }

  /** Starts a release and waits until it is ready. @throws RunnerError start_failed, restarts_used_up, … */
  start(release: ReleaseKey, by: By = {}): Promise<void> {
    return this.#audited('start', { release, by }, async () => {
      requireStanding(this.#host, release);
      await settledStanding(this.#host, release);
      this.#commands.package(release, { type: 'package.start' });
      await this.#untilReady(release);
    });
  }

  /** Stops a release, draining first. @throws RunnerError unsafe_uninstall while PIDs point at it, unless forced */
  stop(release: ReleaseKey, options: ForceOptions = {}): Promise<void> {
    return this.#audited('stop', { release, options }, async () => {
      requireStanding(this.#host, release);
      this.#commands.runner({ type: 'release.stop', key: release, force: options.force ?? false });
      await this.#untilResting(release);
    });
  }

  /**
   * Removes a resting, unrouted release from the disk; its zip stays in the archive. Forced, its PIDs are unbound first
   * and calls under way are waited for.
   *
   * @throws RunnerError unsafe_uninstall
   */
  async uninstall(release: ReleaseKey, options: ForceOptions = {}): Promise<void> {
    checkArguments('uninstall', { release, options });
    requireStanding(this.#host, release);
    if (options.force === true) await this.#freeUp(release, options);
    await this.#audited('uninstall', { release, options }, async (operationId) => {
      // What is needed is refused at once; anything else may just be on its way to rest.
      const { context } = this.#host.actor.getSnapshot();
      if (pidsThatNeed(context, release).length === 0) await settledStanding(this.#host, release);
      this.#commands.runner({ type: 'release.uninstall', key: release }, operationId);
      const left = await this.#untilResting(release);
      if (left !== undefined)
        throw RunnerError.from(left.fault ?? toFault(`${release} could not be removed and is ${left.state}`));
    });
  }

  /** Nothing points at the release any more, and nothing of it runs. */
  async #freeUp(release: ReleaseKey, { who }: By): Promise<void> {
    const by: By = who === undefined ? {} : { who };
    const routes = this.list().routes.filter((route) => route.release === release);
    if (routes.length > 0)
      await this.deactivate(
        routes.map(({ pid }) => pid),
        by,
      );
    const keeping = this.list().routes.filter(({ previous, onProbation }) => onProbation && previous === release);
    if (keeping.length > 0)
      await this.confirm(
        keeping.map(({ pid }) => pid),
        by,
      );
    if ((await settledStanding(this.#host, release))?.resting === false)
      await this.stop(release, { ...by, force: true });
  }

  /**
   * Releases beyond the newest of their algorithm that no PID needs (contract §3.3), the oldest first; removes them when
   * asked to.
   */
  async prune(options: PruneOptions = {}): Promise<readonly ReleaseKey[]> {
    checkArguments('prune', { options });
    const by: By = options.who === undefined ? {} : { who: options.who };
    const removable = removableIn(this.#host, options.keep ?? this.#options.keep ?? DEFAULT_KEEP);
    if (options.remove === true) for (const release of removable) await this.uninstall(release, by);
    return removable;
  }

  /** What is under way because somebody asked for it, the oldest first. */
  operations(): readonly OperationUnderWay[] {
    return this.#operations.list();
  }

  /** Calls an operation off. @throws RunnerError operation_conflict when it is not under way, or decided already */
  cancel(operationId: number): void {
    checkArguments('cancel', { operationId });
    this.#operations.cancel(operationId);
  }

  /** The algorithm processes that are alive, by release and slot. */
  processes(): readonly ProcessView[] {
    return processesOf(this.#host);
  }

  /** Every release and route of the store. */
  list(): Listing {
    return listingOf(this.#host);
  }

  /** The release a PID is bound to. @throws RunnerError invalid_pid */
  routeOf(pid: string): ReleaseKey {
    checkArguments('routeOf', { pid });
    const route = this.#host.routeActor(pid)?.getSnapshot().context;
    if (route?.release !== undefined && route.release !== null) return route.release;
    if (route?.fault !== undefined && route.fault !== null) throw RunnerError.from(route.fault);
    throw unboundPid(pid, this.list());
  }

  /** Begins a detection flow on the release its PID is bound to now. @throws RunnerError invalid_pid, runner_closed */
  openFlow(options: FlowOptions): Flow {
    checkArguments('openFlow', { options });
    if (this.#closing !== undefined) throw new RunnerError('runner_closed', 'The Runner is closing or closed.');
    const release = this.routeOf(options.pid);
    const number = ++this.#lastFlow;
    const idleMs = this.#host.packageActor(release)?.getSnapshot().context.policy.timings.flowIdleMs ?? 0;
    const flow = new Flow({
      host: this.#host,
      pendingCalls: this.#pendingCalls,
      number,
      id: `${this.#born}-${number}`,
      release,
      options,
      idleMs,
      onEnd: (ended) => this.#forget(ended),
    });
    this.#flows.add(flow);
    return flow;
  }

  /** A whole inspection of one product: a flow of its own, every step, one verdict. */
  async detect(options: DetectOptions): Promise<Detection> {
    checkArguments('detect', { options });
    const { pid, context, ...rest } = options;
    const flow = this.openFlow({ pid, ...(context === undefined ? {} : { context }) });
    try {
      return await flow.detect(rest);
    } finally {
      flow.close();
    }
  }

  /**
   * Room for one image that a camera's driver writes itself, once for all calls of an inspection: into `pixels`, or, in a
   * process of its own, into `file`. It is given as `image` to calls and flows of one release, and released after them.
   *
   * @param options.pid the product it is meant for, where that is known: memory its release has used before is preferred
   * @throws RunnerError image_load_failed for a shape that is none; image_pool_full, with details.retry_after_ms, when
   *   `images.segments` are reserved; invalid_pid; runner_closed
   */
  reserveImage(shape: ReservedShape, options: { readonly pid?: string } = {}): ImageReservation {
    checkArguments('reserveImage', { shape, options });
    if (this.#closing !== undefined) throw new RunnerError('runner_closed', 'The Runner is closing or closed.');
    return this.#host.pool.reserve(shape, options.pid === undefined ? null : this.routeOf(options.pid));
  }

  /** What a host draws a form from: JSON Schema, defaults and units of one step's parameters (contract §3.1). */
  form(release: ReleaseKey, stepIndex: number): StepForm {
    checkArguments('form', { release, stepIndex });
    return stepForm(requireManifest(this.#host, release), stepIndex);
  }

  /** Looks for zips in the archive that nobody has taken up yet, and takes them up (contract §9). */
  scan(): Promise<readonly ScannedZip[]> {
    return this.#importer.scan();
  }

  /**
   * Stops taking work, drains, stops everything, then frees the store. Safe to call twice; `hurry` cuts the draining
   * short and kills what still stops.
   */
  close(options: { readonly hurry?: boolean } = {}): Promise<void> {
    checkArguments('close', { options });
    this.#closing ??= this.#close();
    if (options.hurry === true) this.#hurried.abort();
    if (options.hurry === true && !hasEnded(this.#host)) this.#host.actor.send({ type: 'runner.hurry' });
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #untilReady(key: ReleaseKey): Promise<void> {
    const settled = await settledStanding(this.#host, key);
    if (settled?.ready === true) return;
    const state = settled?.state ?? 'gone';
    throw settled?.fault
      ? RunnerError.from(settled.fault)
      : new RunnerError('release_not_ready', `${key} did not get ready; it is ${state}.`);
  }

  /** After a stop or an uninstall: a release that still serves has not rested yet. */
  async #untilResting(key: ReleaseKey) {
    for (;;) {
      const standing = await settledStanding(this.#host, key);
      if (standing === undefined || standing.resting) return standing;
      await new Promise<void>((resolve) => {
        const reports = this.#host.actor.on('release.reported', (report) => {
          if (report.key !== key) return;
          reports.unsubscribe();
          resolve();
        });
      });
    }
  }

  #forget(flow: Flow): void {
    this.#flows.delete(flow);
    if (this.#flows.size === 0 && this.#closing !== undefined) this.#host.actor.send({ type: 'flows.finished' });
  }

  async #close(): Promise<void> {
    this.#importer.stop();
    const { actor } = this.#host;
    await new Promise<void>((resolve) => {
      actor.subscribe({ complete: resolve, error: () => resolve() });
      if (actor.getSnapshot().status !== 'active') resolve();
      actor.send({ type: 'runner.close' });
      for (const flow of this.#flows) flow.endWhenIdle(closed);
      if (this.#flows.size === 0) actor.send({ type: 'flows.finished' });
    });
    for (const flow of this.#flows) flow.close();
    await this.#operations.allEnded(this.#hurried.signal);
    await this.#host.release();
  }

  #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing === undefined) return work();
    return Promise.reject(new RunnerError('runner_closed', 'The Runner is closing or closed.'));
  }

  async #asked<T>(method: Method, given: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T> {
    checkArguments(method, given);
    return this.#whileOpen(work);
  }

  #audited<T>(
    what: 'start' | 'stop' | 'uninstall',
    given: { readonly release: ReleaseKey; readonly options?: By; readonly by?: By },
    work: (operationId: number) => Promise<T>,
  ): Promise<T> {
    const who = given.options?.who ?? given.by?.who;
    const request = { what, subject: given.release, ...(who === undefined ? {} : { who }) };
    return this.#asked(what, given, () => this.#operations.run(request, ({ id }) => work(id)));
  }
}

const failedActor = (actor: string, why: Fault): Fault =>
  fault('actor_failed', `actor ${actor} failed: ${why.message}`, { details: { actor, reason: why } });

const closed = fault('runner_closed', 'The Runner was closed; the flow ended with it.');
