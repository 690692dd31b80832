import type { PackageCommand } from '../../../machines/package.events.js';
import type { ReleaseKey } from '../../../machines/release.js';
import type { RunnerEmitted, RunnerEvent } from '../../../machines/runner.events.js';
import { fault, RunnerError, toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { stateName } from '../../trace/index.js';
import type { Host } from '../host/host.js';
import { listingOf } from '../status/listing.js';
import { hasEnded, runnerClosed, standingOf } from '../host/release-status.js';
import { unboundPid, unknownRelease } from '../status/unknown-names.js';

type WithoutId<E> = E extends { operationId: number } ? Omit<E, 'operationId'> : never;
type ChangeRequest = WithoutId<Extract<RunnerEvent, { type: 'changeover.asked' }>>;
export type ChangeReported = Extract<RunnerEmitted, { type: 'changeover.reported' }>;

/**
 * Commands to the actors, each with the number of its operation, by which a refusal finds its way back. The machines
 * decide; this only asks.
 */
export class Commands {
  readonly #host: Host;
  #lastId = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** @throws RunnerError operation_conflict naming the state the release is in */
  package(key: ReleaseKey, command: WithoutId<PackageCommand>): void {
    const actor = this.#host.packageActor(key);
    if (actor === undefined) throw unknownRelease(key, Object.keys(this.#host.actor.getSnapshot().context.standings));
    if (actor.getSnapshot().status !== 'active')
      throw RunnerError.from(
        standingOf(this.#host, key)?.fault ?? fault('actor_failed', `What looks after ${key} failed.`),
      );
    const operationId = ++this.#lastId;
    let refused = false;
    const listening = actor.on('operation.refused', (refusal) => {
      if (refusal.operationId === operationId) refused = true;
    });
    actor.send({ ...command, operationId });
    listening.unsubscribe();
    if (!refused) return;
    const verb = command.type.replace('package.', '');
    throw new RunnerError(
      'operation_conflict',
      `${key} is ${stateName(actor.getSnapshot().value)}: ${verb} is not possible now.`,
    );
  }

  /** @throws RunnerError as the Runner refuses: unsafe_uninstall, release_not_found, runner_closed */
  runner(command: WithoutId<RunnerEvent>, operationId = ++this.#lastId): void {
    const { actor } = this.#host;
    let refusedFor: Fault | undefined;
    const listening = actor.on('operation.refused', (refusal) => {
      if (refusal.operationId === operationId) refusedFor = refusal.fault ?? unexplained;
    });
    actor.send({ ...command, operationId });
    listening.unsubscribe();
    if (refusedFor !== undefined) throw RunnerError.from(refusedFor);
  }

  /**
   * A change of routes; resolves when it is committed, with the PIDs that were moved.
   *
   * @throws RunnerError why nothing was changed
   */
  change(
    request: ChangeRequest,
    operationId: number,
    options: { readonly signal?: AbortSignal | undefined; readonly onStage?: (report: ChangeReported) => void } = {},
  ): Promise<readonly string[]> {
    const { actor } = this.#host;
    const { signal, onStage } = options;
    if (hasEnded(this.#host)) return Promise.reject(runnerClosed());
    return new Promise((resolve, reject) => {
      const cancel = (): void => actor.send({ type: 'changeover.cancel', operationId });
      const stop = (): void => {
        signal?.removeEventListener('abort', cancel);
        stages.unsubscribe();
        life.unsubscribe();
      };
      const stages = actor.on('changeover.reported', (report) => {
        if (report.operationId !== operationId) return;
        onStage?.(report);
        switch (report.stage) {
          case 'Preparing':
          case 'Preheating':
          case 'Committing':
            return;
          case 'Committed':
            stop();
            return resolve(report.moved);
          case 'Aborting':
            stop();
            return reject(RunnerError.from(report.fault ?? unexplained));
        }
      });
      const ended = (): void => {
        stop();
        reject(runnerClosed());
      };
      const life = actor.subscribe({ complete: ended, error: ended });
      try {
        this.runner(request, operationId);
      } catch (error) {
        stop();
        return reject(RunnerError.from(toFault(error)));
      }
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted === true) cancel();
    });
  }

  /** Ends a probation. Resolves when the route is done with it. @throws RunnerError as the route refuses */
  confirm(pid: string, operationId: number): Promise<void> {
    const actor = this.#host.routeActor(pid);
    if (hasEnded(this.#host)) return Promise.reject(runnerClosed());
    if (actor === undefined) return Promise.reject(unboundPid(pid, listingOf(this.#host)));
    if (actor.getSnapshot().status !== 'active')
      return Promise.reject(new RunnerError('actor_failed', `What looks after the route of ${pid} failed.`));
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        done.unsubscribe();
        refused.unsubscribe();
        life.unsubscribe();
      };
      const done = actor.on('operation.done', (report) => {
        if (report.operationId !== operationId) return;
        stop();
        resolve();
      });
      const refused = actor.on('operation.refused', (report) => {
        if (report.operationId !== operationId) return;
        stop();
        reject(RunnerError.from(report.fault ?? unexplained));
      });
      const ended = (): void => {
        stop();
        reject(runnerClosed());
      };
      const failed = (error: unknown): void => {
        stop();
        reject(
          new RunnerError('actor_failed', `What looks after the route of ${pid} failed: ${toFault(error).message}`),
        );
      };
      const life = actor.subscribe({ complete: ended, error: failed });
      actor.send({ type: 'route.confirm', operationId });
    });
  }
}

const unexplained = fault('operation_conflict', 'The operation is not possible now.');
