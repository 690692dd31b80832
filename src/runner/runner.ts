import { releaseOf } from '../../machines/release.js';
import type { ReleaseKey } from '../../machines/release.js';
import { packageId } from '../../machines/runner.events.js';
import { RunnerError, toFault } from '../errors/index.js';
import type { Fault } from '../errors/index.js';
import { signalGroup } from '../effects/index.js';
import type { IsolationLevel } from '../effects/index.js';
import { stepForm } from '../package/index.js';
import type { StepForm } from '../package/index.js';
import { CallDesk } from './calls.js';
import { checkOptions } from './check-options.js';
import { Commands } from './commands.js';
import { Flow } from './flow.js';
import type { FlowOptions, InspectOptions } from './flow.js';
import { openHost } from './host.js';
import type { Host } from './host.js';
import { Intake } from './intake.js';
import type { Installed, InstallOptions, ScannedZip } from './intake.js';
import { releaseView } from './listing.js';
import type { Listing, ReleaseView } from './listing.js';
import type { RunnerOptions } from './options.js';
import type { Detection } from './results.js';
import { lifecycleOf, requireStanding, settledStanding } from './standing.js';

export interface DetectOptions extends FlowOptions, InspectOptions {
  readonly image: NonNullable<InspectOptions['image']>;
}

/**
 * Opens a Runner on a store.
 *
 * @throws RunnerError invalid_usage for wrong options; store_locked when another Runner works on it; store_io_failed, store_corrupt, host_unfit
 */
export async function createRunner(options: RunnerOptions): Promise<Runner> {
  checkOptions(options);
  const host = await openHost(options);
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
        if (snapshot.matches('Opening')) return;
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
  readonly #desk: CallDesk;
  readonly #flows = new Set<Flow>();
  readonly #intake: Intake;
  readonly #born = Date.now().toString(36);
  #lastFlow = 0;
  #closing: Promise<void> | undefined;

  /** @internal use createRunner */
  constructor(host: Host, options: RunnerOptions) {
    this.#host = host;
    this.#options = options;
    this.#commands = new Commands(host);
    this.#desk = new CallDesk(host);
    this.#intake = new Intake(host, this.#commands, options);
    this.#intake.scanRegularly();
    host.actor.on('actor.failed', ({ actor, fault }) => {
      host.workshop.problems.push(`actor ${actor} failed: ${fault.message}`);
      for (const [osPid, { key }] of host.workshop.processes)
        if (packageId(key) === actor) signalGroup(osPid, 'SIGKILL');
    });
  }

  /** How sure it is that no algorithm outlives this Runner. */
  get isolation(): IsolationLevel {
    return this.#host.workshop.isolation.level;
  }

  /** The trace being written; null when tracing is off. */
  get traceFile(): string | null {
    return this.#host.recorder?.file() ?? null;
  }

  /** What was found amiss in the store when it was opened, and what was done about it; failed actors by name. */
  get problems(): readonly string[] {
    return this.#host.workshop.problems;
  }

  /** The pool images travel through: its mode, how much is leased, what a dead Runner had left. */
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
    return this.#audited('install', zip, () => this.#intake.install(zip, options));
  }

  /** Binds PIDs to a release; it is started first, and nothing is bound before it is ready (contract §8). */
  activate(release: ReleaseKey, pids: readonly string[]): Promise<void> {
    return this.#audited(
      'activate',
      release,
      async () => {
        requireStanding(this.#host, release);
        const manifest = this.#host.workshop.releases.get(release)?.manifest;
        for (const pid of new Set(pids)) {
          const facts = {
            supported: manifest?.supportedPids.includes(pid) ?? false,
            missingAssets: await this.#host.missingAssets(release, pid),
          };
          await this.#commands.route(pid, { type: 'route.activate', key: release, facts });
        }
      },
      { pids },
    );
  }

  /** Unbinds PIDs; flows already begun finish. @throws RunnerError invalid_pid when one is not bound */
  deactivate(pids: readonly string[]): Promise<void> {
    return this.#audited('deactivate', pids.join(','), async () => {
      for (const pid of new Set(pids)) await this.#commands.route(pid, { type: 'route.deactivate' });
    });
  }

  /** Starts a release and waits until it is ready. @throws RunnerError start_failed, restarts_used_up, … */
  start(release: ReleaseKey): Promise<void> {
    return this.#audited('start', release, async () => {
      requireStanding(this.#host, release);
      await settledStanding(this.#host, release);
      this.#commands.package(release, { type: 'package.start' });
      await this.#untilReady(release);
    });
  }

  /** Stops a release, draining first. @throws RunnerError unsafe_uninstall while PIDs point at it, unless forced */
  stop(release: ReleaseKey, options: { readonly force?: boolean } = {}): Promise<void> {
    return this.#audited('stop', release, async () => {
      requireStanding(this.#host, release);
      this.#commands.runner({ type: 'release.stop', key: release, force: options.force ?? false });
      await this.#untilResting(release);
    });
  }

  /** Removes a resting, unrouted release from the disk; its zip stays in the archive. @throws RunnerError 2007 */
  uninstall(release: ReleaseKey): Promise<void> {
    return this.#audited('uninstall', release, async () => {
      requireStanding(this.#host, release);
      await settledStanding(this.#host, release);
      this.#commands.runner({ type: 'release.uninstall', key: release });
      const left = await this.#untilResting(release);
      if (left !== undefined)
        throw RunnerError.from(left.fault ?? toFault(`${release} could not be removed and is ${left.state}`));
    });
  }

  /** Every release and route of the store. */
  list(): Listing {
    const { context } = this.#host.actor.getSnapshot();
    const { registry } = this.#host.workshop;
    const routes = context.routes.map((pid) => {
      const route = this.#host.routeActor(pid)?.getSnapshot().context;
      return { pid, release: route?.release ?? null, activatedAt: null, fault: route?.fault ?? null };
    });
    const view = (key: ReleaseKey): ReleaseView[] => {
      const { name, version } = releaseOf(key);
      const entry = registry.get(name, version);
      if (entry === undefined) return [];
      const pids = routes.flatMap(({ pid, release }) => (release === key ? [pid] : []));
      const state = lifecycleOf(this.#host, key);
      return [releaseView(entry, pids, { state, fault: context.standings[key]?.fault ?? null })];
    };
    return {
      releases: Object.keys(context.standings).flatMap(view),
      routes: routes.filter(({ release, fault }) => release !== null || fault !== null),
    };
  }

  /** The release a PID is bound to. @throws RunnerError invalid_pid */
  routeOf(pid: string): ReleaseKey {
    const route = this.#host.routeActor(pid)?.getSnapshot().context;
    if (route?.release !== undefined && route.release !== null) return route.release;
    if (route?.fault !== undefined && route.fault !== null) throw RunnerError.from(route.fault);
    throw new RunnerError('invalid_pid', `The PID ${pid} is not bound to any release.`);
  }

  /** Begins a detection flow on the release its PID is bound to now. @throws RunnerError invalid_pid, runner_closed */
  openFlow(options: FlowOptions): Flow {
    if (this.#closing !== undefined) throw new RunnerError('runner_closed', 'The Runner is closing or closed.');
    const release = this.routeOf(options.pid);
    const number = ++this.#lastFlow;
    const idleMs = this.#host.packageActor(release)?.getSnapshot().context.policy.timings.flowIdleMs ?? 0;
    const flow = new Flow({
      host: this.#host,
      desk: this.#desk,
      number,
      id: `${this.#born}-${number}`,
      release,
      options,
      idleMs,
      onEnd: (ended) => void this.#flows.delete(ended),
    });
    this.#flows.add(flow);
    return flow;
  }

  /** A whole inspection of one product: a flow of its own, every step, one verdict. */
  async detect(options: DetectOptions): Promise<Detection> {
    const { pid, context, ...rest } = options;
    const flow = this.openFlow({ pid, ...(context === undefined ? {} : { context }) });
    try {
      return await flow.detect(rest);
    } finally {
      flow.close();
    }
  }

  /** What a host draws a form from: JSON Schema, defaults and units of one step's parameters (contract §3.1). */
  form(release: ReleaseKey, stepIndex: number): StepForm {
    const manifest = this.#host.workshop.releases.get(release)?.manifest;
    if (manifest === undefined || manifest === null)
      throw new RunnerError('release_not_found', `There is no deployed release ${release} in this store.`);
    return stepForm(manifest, stepIndex);
  }

  /** Looks for zips in the archive that nobody has taken up yet, and takes them up (contract §9). */
  scan(): Promise<readonly ScannedZip[]> {
    return this.#intake.scan();
  }

  /** Drains and stops everything, then frees the store. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
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

  async #close(): Promise<void> {
    this.#intake.stop();
    for (const flow of this.#flows) flow.close();
    const { actor } = this.#host;
    await new Promise<void>((resolve) => {
      actor.subscribe({ complete: resolve, error: () => resolve() });
      if (actor.getSnapshot().status !== 'active') resolve();
      actor.send({ type: 'runner.close' });
    });
    await this.#host.release();
  }

  /** Runs an operation and writes it to the audit trail, whatever comes of it. */
  async #audited<T>(
    what: string,
    subject: string,
    work: () => Promise<T>,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<T> {
    if (this.#closing !== undefined) throw new RunnerError('runner_closed', 'The Runner is closing or closed.');
    const { audit } = this.#host.workshop;
    const who = this.#options.actor ?? 'library';
    try {
      const result = await work();
      await audit.append({ who, what, subject, outcome: 'done', details });
      return result;
    } catch (error) {
      const { code, message } = toFault(error);
      await audit
        .append({ who, what, subject, outcome: 'failed', details: { ...details, code, message } })
        .catch(() => undefined);
      throw error;
    }
  }
}
