import { createActor } from 'xstate';
import type { AnyActorRef, AnyStateMachine } from 'xstate';
import { packageId, releaseOf, routeId } from '../../../machines/index.js';
import { Problems } from '../../../src/effects/index.js';
import type { EffectServices } from '../../../src/effects/index.js';
import { declaredOf } from '../../../src/package/index.js';
import { DEFAULT_FRAME_BYTES_MAX } from '../../../src/protocol/index.js';
import { PROTOCOLS } from '../../../src/runner/host/host.js';
import type { Host, PackageActor, RouteActor } from '../../../src/runner/host/host.js';
import { productionRunner } from '../../../src/runner/host/machines-in-production.js';
import type { ProductionMachines } from '../../../src/runner/host/machines-in-production.js';
import { resolveOverrides, resolvePolicy } from '../../../src/runner/options/options.js';
import type { RunnerOptions } from '../../../src/runner/options/options.js';
import { decorate, TraceFeed } from '../../../src/trace/index.js';
import type { Recorder } from '../../../src/trace/index.js';
import type { Algorithm } from './algorithm.js';
import { CallsLedger } from './calls-ledger.js';
import { HostClock } from './clock.js';
import type { SimulatedClock } from './clock.js';
import type { SimulatedDisk } from './disk.js';
import type { Draws } from './draws.js';
import { effectLogics, Unfinished } from './effect-logic.js';
import type { Underway } from './effect-logic.js';
import { simulatedEffects } from './effects.js';
import { SimulatedImages } from './images.js';
import { simulatedOsProcess } from './os-process.js';
import { simulatedStore, StoreAccess } from './store.js';
import type { SimulatedStore } from './store.js';
import type { Troubles } from './troubles.js';
import { Watch } from './watch.js';
import type { Violation } from './watch.js';
import { simulatedZips } from './zips.js';

/** One computer of the site, from its start to its end. */
export interface SimulatedHost {
  readonly host: Host;
  readonly clock: HostClock;
  /** The time of what is on it and around it, and is not the Runner. */
  readonly around: HostClock;
  readonly watch: Watch;
  readonly calls: CallsLedger;
  readonly images: SimulatedImages;
  readonly store: SimulatedStore;
  readonly living: Map<AnyActorRef, Algorithm>;
  readonly underway: Map<AnyActorRef, Underway>;
  /** It loses its power: whatever lived on it is gone. */
  die(): void;
}

export interface HostParts {
  readonly time: SimulatedClock;
  readonly disk: SimulatedDisk;
  readonly draws: Draws;
  readonly troubles: Troubles;
  readonly options: RunnerOptions;
  readonly recorder: Recorder;
  readonly machines?: ProductionMachines | undefined;
  /** Which start of the site's Runner this is, from 1. */
  readonly start: number;
  readonly report: (violation: Violation) => void;
}

/** Numbers no real operating system gives out: nothing of this host must ever reach the real one. */
const OS_PID_BASE = 10_000_000;
const OPERATIONS_PER_START = 100_000;

export function simulatedHost(parts: HostParts): SimulatedHost {
  const { time, disk, draws, troubles, options, recorder, start } = parts;
  const clock = new HostClock(time);
  const around = new HostClock(time);
  const access = new StoreAccess(disk, clock, draws.fork('store'), troubles);
  const store = simulatedStore(access, start * OPERATIONS_PER_START);
  const images = new SimulatedImages(troubles);
  const living = new Map<AnyActorRef, Algorithm>();
  const underway = new Map<AnyActorRef, Underway>();
  const unfinished = new Unfinished();
  const leftBy = (actor: AnyActorRef, path: string): readonly string[] => [
    ...(living.has(actor) ? [`${path}/os`] : []),
    ...[...underway.values()].flatMap(({ owner, name }) => (owner === actor ? [`${path}/${name}`] : [])),
  ];
  const calls = new CallsLedger();
  const watch = new Watch(() => clock.nowMs(), leftBy, parts.report);
  const services = effectServicesOf(parts, clock, calls, store, images);

  let osPids = OS_PID_BASE * start;
  const logic = productionRunner({
    effects: effectLogics(
      simulatedEffects({
        ...{
          services,
          access,
          store,
          clock,
          troubles,
          files: watch.files,
          filesChanged: () => watch.filesChanged(),
          draws: draws.fork('effects'),
        },
      }),
      underway,
      unfinished,
    ),
    osProcess: simulatedOsProcess({
      ...{ world: services, clock, around, troubles, living, draws: draws.fork('processes').streams() },
      nextOsPid: () => ++osPids,
      asked: (actor, command) => watch.asked(actor, command),
    }),
    traced: <M extends AnyStateMachine>(machine: M): M => watch.traced(decorate(machine, recorder)),
    ...(parts.machines === undefined ? {} : { machines: parts.machines }),
  });
  const actor = createActor(logic, {
    ...{ id: 'runner', clock },
    input: {
      policy: resolvePolicy(options),
      overrides: resolveOverrides(options),
      protocols: PROTOCOLS,
      resume: true,
    },
  });
  const children = (): Readonly<Record<string, unknown>> => actor.getSnapshot().children;
  const host: Host = {
    ...{
      actor,
      services,
      recorder,
      pool: images.pool,
      decoder: undefined as never,
      lock: undefined as never,
      onProgress: new Set(),
    },
    trace: new TraceFeed(null),
    zips: simulatedZips(disk, access, clock),
    killProcess: (osPid) => [...living.values()].find((algorithm) => algorithm.osPid === osPid)?.signal('SIGKILL'),
    packageActor: (key) => children()[packageId(key)] as PackageActor | undefined,
    routeActor: (pid) => children()[routeId(pid)] as RouteActor | undefined,
    activationFacts: (key, pid) =>
      Promise.resolve({
        supported: key === null || (services.releases.get(key)?.manifest?.supportedPids.includes(pid) ?? false),
        missingAssets: [],
      }),
    release: () => unfinished.none(),
  };
  return {
    ...{ host, clock, around, watch, calls, images, store, living, underway },
    die() {
      clock.die();
      around.die();
      for (const algorithm of living.values()) algorithm.alive = false;
    },
  };
}

const RELEASE_LOG = { write: () => undefined, relay: () => undefined, close: () => undefined };

function effectServicesOf(
  { draws }: HostParts,
  clock: HostClock,
  calls: CallsLedger,
  { journal, audit, registry }: SimulatedStore,
  images: SimulatedImages,
): EffectServices {
  const jitter = draws.fork('jitter');
  const services: EffectServices = {
    ...{
      version: '0.0.0',
      clock,
      isolation: { level: 'namespace', ownProc: false, prefix: [], shell: [] },
      journal,
      audit,
      registry,
    },
    ...{
      frameBytesMax: DEFAULT_FRAME_BYTES_MAX,
      problems: new Problems(),
      segmentsReclaimed: 0,
      packageLimits: {},
      images,
      undecoded: () => 'error' as const,
      environment: () => ({}),
    },
    calls,
    releases: new Map(),
    processes: new Map(),
    resettable: new Set(),
    infoCompared: new Map(),
    stepsTold: new Map(),
    routes: new Map(),
    layout: undefined as never,
    interpreters: () => Promise.resolve([]),
    progress: () => undefined,
    draw: () => jitter.next(),
    releaseLog: () => RELEASE_LOG,
    declared(key) {
      const manifest = services.releases.get(key)?.manifest ?? null;
      return manifest === null ? { ...releaseOf(key), supportedPids: [], steps: [] } : declaredOf(manifest);
    },
  };
  return services;
}
