import { keyOf } from '../../../machines/release.js';
import { isUndone, withVisible } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import { buryDeployment } from '../deployments/index.js';
import type { BuriedDeployment } from '../deployments/index.js';
import type { Registry } from '../registry/index.js';
import { prepareExchange } from '../routes/index.js';
import type { RouteTarget } from '../routes/index.js';
import type { OpenStore } from './open-store.js';
import type { Redo, Uninstallation } from './operation.js';

/**
 * One change of the store among those an operation makes.
 *
 * INVARIANTS
 * - Applied once more, it changes nothing: recovery may have been killed after it.
 * - What is applied is on disk.
 */
export interface Step {
  /** @throws RunnerError store_io_failed; it is then not applied, if `isUndone` says so */
  apply(): Promise<void>;
  /** @returns whether everything is as it was before, on disk */
  undo(): Promise<boolean>;
  /** What is left to do once there is no way back. */
  tidy(): Promise<void>;
}

export interface Steps {
  readonly steps: readonly Step[];
  /** For the audit trail: `pids` and `routes` (from and to of each), `release`. */
  readonly details: Readonly<Record<string, unknown>>;
}

export type Files = Pick<OpenStore, 'layout' | 'registry'>;

/**
 * Reads what has to be known before anything is changed, and changes nothing.
 * @param at when the operation began, ISO 8601
 * @throws RunnerError invalid_pid, invalid_usage, store_io_failed
 */
export async function prepareSteps(files: Files, redo: Redo, at: string, fs: FileSystem): Promise<Steps> {
  const { routes = [], uninstall } = redo;
  const steps: Step[] = [];
  const changes: { pid: string; from: string | null; to: string | null }[] = [];
  for (const { pid, route } of routes) {
    const exchange = await prepareExchange(files.layout, pid, route, fs);
    steps.push({ ...exchange, tidy: () => Promise.resolve() });
    changes.push({ pid, from: targetKey(exchange.from), to: targetKey(route) });
  }
  if (uninstall !== undefined && isStillMeant(files.registry, uninstall)) steps.push(removal(files, uninstall, at, fs));
  return {
    steps,
    details: {
      ...(routes.length === 0 ? {} : { pids: changes.map(({ pid }) => pid), routes: changes }),
      ...(uninstall === undefined ? {} : { release: keyOf(uninstall) }),
    },
  };
}

/** All of it once more, after a crash or a failure. @throws RunnerError store_io_failed */
export async function applyAgain(files: Files, redo: Redo, at: string, fs: FileSystem): Promise<void> {
  if (redo.uninstall !== undefined) await files.registry.rewrite(); // whether it is done already is asked of the registry
  const { steps } = await prepareSteps(files, redo, at, fs);
  for (const step of steps) await step.apply();
  for (const step of steps) await step.tidy();
}

/** A record that a power loss brought back must not take away what was installed since. */
function isStillMeant(registry: Registry, { name, version, sha256, updated_at }: Uninstallation): boolean {
  const entry = registry.get(name, version);
  return entry === undefined ? updated_at === null && !registry.isForgotten(sha256) : entry.updated_at === updated_at;
}

/** The registry forgets last: as long as it knows the release, the removal is not done. */
function removal(
  { layout, registry }: Files,
  { name, version, sha256 }: Uninstallation,
  at: string,
  fs: FileSystem,
): Step {
  let buried: BuriedDeployment | undefined;
  return {
    async apply() {
      buried = await buryDeployment(layout, name, version, fs);
      try {
        await registry.forget({ sha256, name, version, forgotten_at: at });
      } catch (error) {
        if (isUndone(error) && (await buried.digUp())) throw error;
        throw withVisible(error, true);
      }
    },
    undo: () => Promise.resolve(false), // the last step of any operation: nothing fails after it
    async tidy() {
      await buried?.delete();
    },
  };
}

function targetKey(target: RouteTarget | null | undefined): string | null {
  return target ? keyOf(target) : null;
}
