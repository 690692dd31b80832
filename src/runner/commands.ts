import type { PackageCommand } from '../../machines/package.events.js';
import type { ReleaseKey } from '../../machines/release.js';
import type { RouteEvent } from '../../machines/route.events.js';
import type { RunnerEvent } from '../../machines/runner.events.js';
import { fault, RunnerError } from '../errors/index.js';
import type { Fault } from '../errors/index.js';
import { stateName } from '../trace/index.js';
import type { Host } from './host.js';

/**
 * Commands to the actors, each with an id by which a refusal finds its way back. The machines decide; this only asks.
 */
type WithoutId<E> = E extends { operationId: number } ? Omit<E, 'operationId'> : never;

export class Commands {
  readonly #host: Host;
  #lastId = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** @throws RunnerError operation_conflict naming the state the release is in */
  package(key: ReleaseKey, command: WithoutId<PackageCommand>): void {
    const actor = this.#host.packageActor(key);
    if (actor === undefined) throw new RunnerError('release_not_found', `There is no release ${key} in this store.`);
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
  runner(command: WithoutId<RunnerEvent>): void {
    const { actor } = this.#host;
    const operationId = ++this.#lastId;
    let refusedFor: Fault | undefined;
    const listening = actor.on('operation.refused', (refusal) => {
      if (refusal.operationId === operationId) refusedFor = refusal.fault ?? unexplained;
    });
    actor.send({ ...command, operationId });
    listening.unsubscribe();
    if (refusedFor !== undefined) throw RunnerError.from(refusedFor);
  }

  /** Resolves when the route is done with it. @throws RunnerError as the route refuses */
  route(pid: string, command: WithoutId<RouteEvent>): Promise<void> {
    this.#host.actor.send({ type: 'route.opened', pid });
    const actor = this.#host.routeActor(pid);
    if (actor === undefined)
      return Promise.reject(new RunnerError('runner_closed', 'The Runner is closing or closed.'));
    const operationId = ++this.#lastId;
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
        const busy = fault('operation_conflict', `The route of ${pid} is ${stateName(actor.getSnapshot().value)}.`);
        reject(RunnerError.from(report.fault ?? busy));
      });
      const ended = (): void => {
        stop();
        reject(new RunnerError('runner_closed', 'The Runner was closed while the operation was under way.'));
      };
      const life = actor.subscribe({ complete: ended, error: ended });
      actor.send({ ...command, operationId });
    });
  }
}

const unexplained = fault('operation_conflict', 'The operation is not possible now.');
