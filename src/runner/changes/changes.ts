import { hasTag } from '../../../machines/state-tags.js';
import type { ProbationPolicy } from '../../../machines/probation.js';
import type { ReleaseKey } from '../../../machines/release.js';
import type { ChangeKind } from '../../../machines/route.events.js';
import { RunnerError } from '../../base/errors/index.js';
import type { PendingCalls } from '../calls/calls.js';
import { ChangeWatch } from './change-watch.js';
import type { ChangeReport, ChangeStep } from './change-report.js';
import type { Commands } from './commands.js';
import type { Host } from '../host/host.js';
import { listingOf } from '../status/listing.js';
import type { By, OperationHandle, Operations } from './operations.js';
import { requireStanding } from '../host/release-status.js';
import { withNames } from '../status/unknown-names.js';

export interface ChangeOptions extends By {
  /** When to resolve: new flows go to the new release (`committed`, the default), or every PID's probation is over. */
  readonly until?: 'committed' | 'confirmed';
  /** Calls the change off, as long as it is not committed. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: ChangeStep) => void;
}

export interface SwitchOptions extends ChangeOptions {
  /** Instead of the release's own policy, as far as given. */
  readonly probation?: Partial<ProbationPolicy>;
}

export interface RollbackOptions extends ChangeOptions {
  /** The release to return to; the one the PID was switched from when left out. */
  readonly to?: ReleaseKey;
}

interface Change extends ChangeOptions {
  readonly kind: ChangeKind;
  readonly key: ReleaseKey | null;
  readonly pids: readonly string[];
  readonly probation?: Partial<ProbationPolicy>;
}

/** Changes of routes as people ask for them; the machines decide, this asks, looks on and reports. */
export class Changes {
  readonly #host: Host;
  readonly #pendingCalls: PendingCalls;
  readonly #commands: Commands;
  readonly #operations: Operations;

  constructor(host: Host, pendingCalls: PendingCalls, commands: Commands, operations: Operations) {
    this.#host = host;
    this.#pendingCalls = pendingCalls;
    this.#commands = commands;
    this.#operations = operations;
  }

  activate(release: ReleaseKey, pids: readonly string[], by: By): Promise<ChangeReport> {
    return this.#change({ ...by, kind: 'activate', key: release, pids });
  }

  deactivate(pids: readonly string[], by: By): Promise<ChangeReport> {
    return this.#change({ ...by, kind: 'deactivate', key: null, pids });
  }

  switch(pids: readonly string[], release: ReleaseKey, options: SwitchOptions): Promise<ChangeReport> {
    return this.#change({ ...options, kind: 'switch', key: release, pids });
  }

  rollback(pid: string, { to, ...rest }: RollbackOptions): Promise<ChangeReport> {
    const key = to ?? this.#host.routeActor(pid)?.getSnapshot().context.previous ?? null;
    return this.#change({ ...rest, kind: 'rollback', key, pids: [pid] });
  }

  async confirm(pids: readonly string[], by: By): Promise<void> {
    for (const pid of new Set(pids))
      await this.#operations.run({ ...by, what: 'confirm', subject: pid, details: { pids: [pid] } }, ({ id }) =>
        this.#commands.confirm(pid, id),
      );
  }

  async #change({ who, pids: asked, ...change }: Change): Promise<ChangeReport> {
    const pids = [...new Set(asked)];
    const { kind, key } = change;
    if (pids.length === 0)
      throw new RunnerError('invalid_usage', `No PID is named to ${kind}.`, { hint: 'Name at least one PID.' });
    const details = { pids, release: key, from: Object.fromEntries(pids.map((pid) => [pid, this.#boundTo(pid)])) };
    const request = { what: kind, subject: pids.join(','), details, ...(who === undefined ? {} : { who }) };
    return this.#operations.run(request, (operation) => this.#make({ ...change, pids }, operation));
  }

  async #make({ kind, key, pids, probation, ...options }: Change, operation: OperationHandle): Promise<ChangeReport> {
    if (key !== null) requireStanding(this.#host, key);
    const facts = Object.fromEntries(
      await Promise.all(pids.map(async (pid) => [pid, await this.#host.activationFacts(key, pid)] as const)),
    );
    const { id: operationId, signal: calledOff } = operation;
    const watched = { operationId, kind, key, pids, onProgress: options.onProgress };
    const watch = new ChangeWatch(this.#host, this.#pendingCalls, watched);
    try {
      const moved = await this.#commands.change(
        { type: 'changeover.asked', kind, key, pids, facts, probation: probation ?? {} },
        operationId,
        {
          signal: options.signal === undefined ? calledOff : AbortSignal.any([options.signal, calledOff]),
          onStage(report) {
            operation.atStage(report.stage, hasTag('changeover', report.stage, 'cancellable'));
            watch.noteStage(report);
          },
        },
      );
      watch.follow(moved);
    } catch (error) {
      watch.stop();
      throw withNames(error, { key, pids }, listingOf(this.#host));
    }
    const ended = new Promise<ChangeReport>((resolve) => {
      watch.whenEnded(() => {
        const report = watch.report();
        this.#tellTrace(report);
        resolve(report);
      });
    });
    return options.until === 'confirmed' ? ended : watch.report();
  }

  /** The measured report becomes an event of the Runner, so that the trace of a site holds it. */
  #tellTrace({ operationId, outcome, calls, errors, downtimeMs }: ChangeReport): void {
    const { actor } = this.#host;
    if (actor.getSnapshot().status !== 'active') return;
    actor.send({
      type: 'changeover.measured',
      operationId,
      outcome,
      callsOld: calls.old,
      callsNew: calls.new,
      errors,
      downtimeMs,
    });
  }

  #boundTo(pid: string): ReleaseKey | null {
    return this.#host.routeActor(pid)?.getSnapshot().context.release ?? null;
  }
}
