import { own } from '../../../machines/own.js';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createActor } from 'xstate';
import type { Actor } from 'xstate';
import type { packageMachine } from '../../../machines/package.machine.js';
import type { routeMachine } from '../../../machines/route.machine.js';
import { releaseOf } from '../../../machines/release.js';
import type { ReleaseKey } from '../../../machines/release.js';
import { packageId, routeId } from '../../../machines/runner.events.js';
import type { ActivationFacts } from '../../../machines/route.events.js';
import type { runnerMachine } from '../../../machines/runner.machine.js';
import {
  createEffects,
  PendingEffects,
  Problems,
  probeIsolation,
  runOsProcess,
  signalGroup,
  systemClock,
  toLogics,
} from '../../effects/index.js';
import type { Progress, EffectServices } from '../../effects/index.js';
import { ImageDecoder } from '../../images/index.js';
import type { ImagePool } from '../../images/index.js';
import { acquireStoreLock, makeFolderDurable, storeLayout } from '../../store/index.js';
import type { StoreLock } from '../../store/index.js';
import { decorate, standingsOf } from '../../trace/index.js';
import type { Recorder, TraceFeed } from '../../trace/index.js';
import { holdThreads } from '../../base/workers/index.js';
import { productionRunner } from './machines-in-production.js';
import type { Monitoring } from './monitoring.js';
import { openImages } from '../images/open-images.js';
import { resolveOverrides, resolvePolicy } from '../options/options.js';
import type { RunnerOptions } from '../options/options.js';
import { zipArchive } from '../packages/zips.js';
import type { ZipArchive } from '../packages/zips.js';
import { openReleaseLogs, openTrace, servicesOf } from './services.js';
import type { Cleanup } from './services.js';

/** Protocol major versions this Runner speaks. */
export const PROTOCOLS: readonly number[] = [1];
/** Each costs about a millisecond in a Runner of a thousand: XState copies the table of children. */
const ACTORS_PER_TURN = 5;

export type PackageActor = Actor<typeof packageMachine>;
export type RouteActor = Actor<typeof routeMachine>;

/** Everything a Runner holds open: the root actor, the store's lock, the image pool, the trace and the logs. */
export interface Host {
  readonly actor: Actor<typeof runnerMachine>;
  readonly services: EffectServices;
  readonly pool: Pick<ImagePool, keyof ImagePool>;
  readonly decoder: ImageDecoder;
  readonly recorder: Recorder | null;
  readonly trace: TraceFeed;
  /** Nothing where the invariants are not watched. */
  readonly monitoring?: Monitoring | null;
  readonly lock: StoreLock;
  readonly onProgress: Set<(progress: Progress) => void>;
  /** Where packages lie before they are releases. */
  readonly zips: ZipArchive;
  /** Ends a process of an actor that failed, and all it started. */
  killProcess(osPid: number): void;
  packageActor(key: ReleaseKey): PackageActor | undefined;
  routeActor(pid: string): RouteActor | undefined;
  /** Whether a release may serve a PID: what its manifest says, and which of the assets it requires are not there. */
  activationFacts(key: ReleaseKey | null, pid: string): Promise<ActivationFacts>;
  /** Frees everything but what the machines hold; the root actor has to be at its end. */
  release(): Promise<void>;
}

/**
 * Opens a store and everything around it; the root actor is made but not started.
 *
 * @throws RunnerError store_locked, store_io_failed, host_unfit; nothing stays open then
 */
export async function openHost(options: RunnerOptions): Promise<Host> {
  const layout = storeLayout(options.store);
  const problems = new Problems();
  await makeFolderDurable(layout.root);
  const lock = await acquireStoreLock(layout.root);
  if (lock.problem !== undefined) problems.note(lock.problem);
  const cleanup: Cleanup = [() => lock.release(), holdThreads()];
  try {
    const images = await openImages(layout, options.images ?? {}, (problem) => problems.note(problem));
    cleanup.push(() => images.close());
    const { pool } = images;
    const decoder = new ImageDecoder(options.images);
    cleanup.push(() => decoder.close());
    const releaseLog = openReleaseLogs({ layout, problems, cleanup });
    const { recorder, trace, monitoring } = openTrace(options, { layout, problems, cleanup });
    const onProgress = new Set<(progress: Progress) => void>();
    const isolation = await probeIsolation(undefined, options.privateProc);
    const services = servicesOf(options, { layout, problems, pool, isolation, releaseLog, onProgress });
    const pending = new PendingEffects();
    const actor = rootActor(options, services, pending, recorder);
    recorder?.survey((atUs) => standingsOf(actor, atUs));
    const children = (): Readonly<Record<string, unknown>> => actor.getSnapshot().children;
    return {
      actor,
      services,
      pool,
      decoder,
      recorder,
      trace,
      monitoring,
      lock,
      onProgress,
      zips: zipArchive(layout, options.packageLimits ?? {}),
      killProcess: (osPid) => void signalGroup(osPid, 'SIGKILL'),
      packageActor: (key) => children()[packageId(key)] as PackageActor | undefined,
      routeActor: (pid) => children()[routeId(pid)] as RouteActor | undefined,
      activationFacts: (key, pid) => activationFactsOf({ actor, services }, key, pid),
      async release() {
        await pending.allEnded();
        await runAll(cleanup.reverse());
      },
    };
  } catch (error) {
    await runAll(cleanup.reverse()).catch(() => undefined); // the first failure is the one to report
    throw error;
  }
}

function rootActor(
  options: RunnerOptions,
  services: EffectServices,
  pending: PendingEffects,
  recorder: Recorder | null,
): Host['actor'] {
  const logic = productionRunner({
    effects: toLogics(createEffects(services), pending),
    osProcess: runOsProcess(services),
    traced: (machine) => (recorder === null ? machine : decorate(machine, recorder)),
  });
  return createActor(logic, {
    id: 'runner',
    clock: systemClock,
    input: {
      policy: resolvePolicy(options),
      overrides: resolveOverrides(options),
      protocols: PROTOCOLS,
      resume: options.resume ?? true,
      actorsPerTurn: ACTORS_PER_TURN,
    },
  });
}

async function activationFactsOf(
  { actor, services }: Pick<Host, 'actor' | 'services'>,
  key: ReleaseKey | null,
  pid: string,
): Promise<ActivationFacts> {
  if (key === null) return { supported: true, missingAssets: [] };
  const { name, version } = releaseOf(key);
  const standing = own(actor.getSnapshot().context.standings, key);
  const manifest = services.releases.get(key)?.manifest;
  const wanted = Object.values(own(manifest?.requiredAssets ?? {}, pid) ?? {});
  const folder = services.layout.deployment(name, version);
  const there = await Promise.all(wanted.map((path) => isThere(join(folder, path))));
  return {
    supported: manifest?.supportedPids.includes(pid) ?? false,
    missingAssets: wanted.filter((_path, i) => there[i] === false),
    invalid: standing?.state === 'Invalid' ? standing.fault : null,
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Every one of them, whatever one may throw: the lock is let go last. @throws the first failure */
async function runAll(cleanup: Readonly<Cleanup>): Promise<void> {
  const failures: unknown[] = [];
  for (const work of cleanup) {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
