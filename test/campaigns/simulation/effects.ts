import { fault, noteCommitted, noteStored, releaseOf } from '../../../machines/index.js';
import type { EffectName, Fault, ReleaseFacts, RouteChange, RouteRecord } from '../../../machines/index.js';
import { toFault } from '../../../src/base/errors/index.js';
import type { EffectServices } from '../../../src/effects/index.js';
import type { RegistryEntry, Route } from '../../../src/store/index.js';
import { packageNamed } from './catalogue.js';
import type { HostClock } from './clock.js';
import { withEntry, withMember } from './disk.js';
import { readStore } from './read-store.js';
import type { Change } from './disk.js';
import type { Draws } from './draws.js';
import type { Answering, SimulatedEffects } from './effect-logic.js';
import type { FaultKind } from './fault-kinds.js';
import { uninstalled } from './store.js';
import type { SimulatedStore, StoreAccess } from './store.js';
import type { Troubles } from './troubles.js';

export interface EffectSurroundings {
  readonly services: EffectServices;
  readonly store: SimulatedStore;
  readonly access: StoreAccess;
  readonly clock: HostClock;
  readonly draws: Draws;
  readonly troubles: Troubles;
  /** What the route files say, as the invariants look at them. */
  readonly files: Map<string, RouteRecord>;
  readonly filesChanged: () => void;
}

/** How long an effect takes, and how it fails. */
const DURATIONS_MS: Readonly<Record<EffectName, readonly [number, number]>> = {
  recoverStore: [5, 60],
  validatePackage: [20, 300],
  extractPackage: [50, 500],
  buildEnvironment: [100, 900],
  installWheels: [200, 4_000],
  completeDeployment: [5, 60],
  discardDeployment: [5, 60],
  recordRest: [0.1, 1],
  removeRelease: [5, 60],
  commitRoutes: [0.1, 1],
};

/** Everything the machines ask for, done in the simulated world. */
export function simulatedEffects(surroundings: EffectSurroundings): SimulatedEffects {
  const { services, access, store, clock, troubles, files } = surroundings;
  const streamOf = surroundings.draws.streams();
  const isoNow = (): string => new Date(clock.wallMs()).toISOString();

  /** Takes its time, then works; or fails where a fault was waiting for it. */
  const timed = <Name extends EffectName>(
    name: Name,
    subject: string,
    answer: Answering<Name>,
    work: () => void,
  ): void => {
    const [least, below] = DURATIONS_MS[name];
    const kind = `${name}_fails` as FaultKind;
    const fails = troubles.strikes(kind);
    clock.setTimeout(
      () => {
        if (fails)
          answer.failed(fault(name === 'validatePackage' ? 'invalid_zip' : 'install_failed', `${name} failed.`));
        else work();
      },
      streamOf(`${name} ${subject}`).between(least, below),
    );
  };
  const written = <Name extends EffectName>(
    answer: Answering<Name>,
    change: Change,
    done: () => void,
    declared: (error: unknown) => Fault = toFault,
  ): void => access.write(change, done, (error) => answer.failed(declared(error)));

  const factsOf = (key: string): ReleaseFacts => {
    const { manifest } = packageNamed(key);
    const launch = { command: 'python', args: [], folder: `deployed/${key}`, environment: {} };
    return { supportedPids: manifest.supportedPids, launch };
  };
  const fileOf = (key: string) => {
    const file = services.releases.get(key);
    if (file === undefined) throw new Error(`no file is kept for ${key}`);
    return file;
  };

  const entryAt = (key: string, rest: Pick<RegistryEntry, 'state' | 'wanted'>, reason: Fault | null): RegistryEntry => {
    const { name, version } = releaseOf(key);
    const { zip, sha256, manifest } = fileOf(key);
    const nowIso = isoNow();
    const known = access.disk.facts.registry.get(key);
    return {
      ...{ name, version, zip, sha256, ...rest, updated_at: nowIso },
      created_at: known?.created_at ?? nowIso,
      supported_pids: manifest?.supportedPids ?? [],
      ...(reason === null ? {} : { reason }),
    };
  };

  return {
    recoverStore: (_input, answer) =>
      timed('recoverStore', '', answer, () => {
        const facts = readStore(surroundings, factsOf, isoNow());
        noteStored(files, facts);
        surroundings.filesChanged();
        answer.done(facts);
      }),
    validatePackage: ({ key }, answer) =>
      timed('validatePackage', key, answer, () => {
        const { manifest, nature } = packageNamed(key);
        if (nature === 'invalid') return answer.failed(fault('manifest_missing', `${key} has no manifest.`));
        fileOf(key).manifest = manifest;
        answer.done({ supportedPids: manifest.supportedPids });
      }),
    extractPackage: ({ key }, answer) => timed('extractPackage', key, answer, () => answer.done()),
    buildEnvironment: ({ key }, answer) => timed('buildEnvironment', key, answer, () => answer.done()),
    installWheels: ({ key }, answer) => timed('installWheels', key, answer, () => answer.done(factsOf(key))),
    completeDeployment: ({ key }, answer) =>
      timed('completeDeployment', key, answer, () => {
        const change: Change = (facts) => ({ ...facts, deployments: withMember(facts.deployments, key, true) });
        written(answer, change, () => answer.done());
      }),
    discardDeployment: ({ key }, answer) =>
      timed('discardDeployment', key, answer, () => {
        const change: Change = (facts) => ({ ...facts, deployments: withMember(facts.deployments, key, false) });
        written(answer, change, () => answer.done());
      }),
    recordRest: ({ key, state, wanted, reason }, answer) =>
      timed('recordRest', key, answer, () => {
        const entry = entryAt(key, { state, wanted }, reason);
        const change: Change = (facts) => ({ ...facts, registry: withEntry(facts.registry, key, entry) });
        written(answer, change, () => answer.done());
      }),
    removeRelease: ({ key, operationId }, answer) =>
      timed('removeRelease', key, answer, () => {
        written(answer, uninstalled(key, fileOf(key).sha256), () => {
          services.releases.delete(key);
          store.settle(operationId);
          answer.done();
        });
      }),
    commitRoutes: (change, answer) =>
      timed('commitRoutes', subjectOf(change), answer, () => {
        const routes = change.routes.map((record) => [record.pid, routeOf(record, isoNow())] as const);
        const commit: Change = (facts) => ({
          ...facts,
          routes: routes.reduce((known, [pid, route]) => withEntry(known, pid, route), facts.routes),
        });
        written(answer, commit, () => {
          noteCommitted(files, change);
          for (const [pid, route] of routes)
            if (route === null) services.routes.delete(pid);
            else services.routes.set(pid, route);
          surroundings.filesChanged();
          store.settle(change.operationId);
          answer.done();
        });
      }),
  };
}

const subjectOf = ({ routes }: RouteChange): string => routes.map(({ pid }) => pid).join(',');

function routeOf({ key, previous, probation }: RouteRecord, nowIso: string): Route | null {
  if (key === null) return null;
  return {
    ...releaseOf(key),
    activated_at: nowIso,
    ...(previous === null ? {} : { previous: releaseOf(previous) }),
    ...(probation === null ? {} : { probation: { started_at: nowIso } }),
  };
}
