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
  openReleaseLog,
  PendingEffects,
  Problems,
  probeIsolation,
  runOsProcess,
  signalGroup,
  systemClock,
  toLogics,
} from '../../effects/index.js';
import type { Progress, ReleaseLog, Workshop } from '../../effects/index.js';
import { ImageDecoder } from '../../images/index.js';
import type { ImagePool } from '../../images/index.js';
import { declaredOf } from '../../package/index.js';
import { DEFAULT_FRAME_BYTES_MAX } from '../../protocol/index.js';
import { acquireStoreLock, makeFolderDurable, storeLayout } from '../../store/index.js';
import type { StoreLock } from '../../store/index.js';
import { decorate, openRecorder, standingsOf, TraceFeed } from '../../trace/index.js';
import type { Recorder } from '../../trace/index.js';
import { holdThreads } from '../../base/workers/index.js';
import { machineVersions, productionRunner } from './machines-in-production.js';
import { interpretersAmong } from '../packages/interpreters.js';
import { monitorInvariants } from './monitoring.js';
import type { Monitoring } from './monitoring.js';
import { environmentOf } from '../options/environment-options.js';
import { undecodedImages } from '../images/image-options.js';
import { openImages } from '../images/open-images.js';
import { resolveOverrides, resolvePolicy } from '../options/options.js';
import type { RunnerOptions } from '../options/options.js';
import { seededDraws } from './seeded-draws.js';
import { VERSION } from '../version.js';
import { zipArchive } from '../packages/zips.js';
import type { ZipArchive } from '../packages/zips.js';

/** Protocol major versions this Runner speaks. */
export const PROTOCOLS: readonly number[] = [1];
/** Each costs about a millisecond in a Runner of a thousand: XState copies the table of children. */
const ACTORS_PER_TURN = 5;

export type PackageActor = Actor<typeof packageMachine>;
export type RouteActor = Actor<typeof routeMachine>;

/** Everything a Runner holds open: the root actor, the store's lock, the image pool, the trace and the logs. */
export interface Host {
  readonly actor: Actor<typeof runnerMachine>;
  readonly workshop: Workshop;
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
  const cleanup: (() => void | Promise<void>)[] = [() => lock.release(), holdThreads()];
  try {
    const images = await openImages(layout, options.images ?? {}, (problem) => problems.note(problem));
    cleanup.push(() => images.close());
    const { pool } = images;
    const decoder = new ImageDecoder(options.images);
    cleanup.push(() => decoder.close());
    const logs = new Map<ReleaseKey, ReleaseLog>();
    cleanup.push(() => logs.forEach((log) => log.close()));
    const recorder =
      options.trace === false
        ? null
        : openRecorder({
            folder: layout.traces,
            runnerVersion: VERSION,
            machines: machineVersions(),
            ...(typeof options.trace === 'object' ? options.trace : {}),
            dropUneventful: true,
            onLoss: (error) => problems.note(error),
          });
    const trace = new TraceFeed(recorder);
    const monitoring =
      recorder !== null && options.monitor === true
        ? monitorInvariants({ trace, logs: layout.logs, onProblem: (problem) => problems.note(problem) })
        : null;
    cleanup.push(() => monitoring?.close());
    cleanup.push(() => trace.end());
    cleanup.push(() => recorder?.close());

    const onProgress = new Set<(progress: Progress) => void>();
    const workshop: Workshop = {
      version: VERSION,
      clock: systemClock,
      isolation: await probeIsolation(undefined, options.privateProc),
      frameBytesMax: options.frameBytesMax ?? DEFAULT_FRAME_BYTES_MAX,
      calls: new Map(),
      releases: new Map(),
      processes: new Map(),
      resettable: new Set(),
      infoCompared: new Map(),
      stepsTold: new Map(),
      problems,
      layout,
      segmentsReclaimed: pool.reclaimed.segments,
      packageLimits: options.packageLimits ?? {},
      images: pool,
      undecoded: (key) => undecodedImages(options, key),
      environment: (key) => environmentOf(options, key),
      // These are set by recoverStore, the first effect of all; nothing asks for them before.
      registry: undefined as never,
      audit: undefined as never,
      journal: undefined as never,
      routes: new Map(),
      interpreters: interpretersAmong(options.interpreters),
      progress: (progress) => onProgress.forEach((listener) => listener(progress)),
      draw: seededDraws(options.seed ?? 0x5eed),
      declared(key) {
        const manifest = workshop.releases.get(key)?.manifest;
        if (manifest !== undefined && manifest !== null) return declaredOf(manifest);
        return { ...releaseOf(key), supportedPids: [], steps: [] };
      },
      releaseLog(key) {
        const known = logs.get(key);
        if (known !== undefined) return known;
        const { name, version } = releaseOf(key);
        const log = openReleaseLog(join(layout.releaseLogs(name, version), 'algorithm.jsonl'), key, {
          onLoss: (error) => problems.note(error),
        });
        logs.set(key, log);
        return log;
      },
    };
    const pending = new PendingEffects();
    const logic = productionRunner({
      effects: toLogics(createEffects(workshop), pending),
      osProcess: runOsProcess(workshop),
      traced: (machine) => (recorder === null ? machine : decorate(machine, recorder)),
    });
    const actor = createActor(logic, {
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
    recorder?.survey((atUs) => standingsOf(actor, atUs));
    const children = (): Readonly<Record<string, unknown>> => actor.getSnapshot().children;
    return {
      actor,
      workshop,
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
      async activationFacts(key, pid) {
        if (key === null) return { supported: true, missingAssets: [] };
        const { name, version } = releaseOf(key);
        const standing = own(actor.getSnapshot().context.standings, key);
        const manifest = workshop.releases.get(key)?.manifest;
        const wanted = Object.values(own(manifest?.requiredAssets ?? {}, pid) ?? {});
        const folder = layout.deployment(name, version);
        const there = await Promise.all(wanted.map((path) => isThere(join(folder, path))));
        return {
          supported: manifest?.supportedPids.includes(pid) ?? false,
          missingAssets: wanted.filter((_path, i) => there[i] === false),
          invalid: standing?.state === 'Invalid' ? standing.fault : null,
        };
      },
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

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Every one of them, whatever one may throw: the lock is let go last. @throws the first failure */
async function runAll(cleanup: readonly (() => void | Promise<void>)[]): Promise<void> {
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
