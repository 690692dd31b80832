import { releaseOf } from '../../machines/release.js';
import { discardDeployment } from '../store/index.js';
import {
  buildEnvironment,
  completeDeployment,
  extractPackage,
  installWheels,
  validatePackage,
} from './deployment-effects.js';
import type { EffectMap } from './effect-map.js';
import { recoverStore } from './recover-store.js';
import { commitRoutes } from './commit-routes.js';
import { recordRest, removeRelease } from './registry-effects.js';
import type { EffectServices } from './effect-services.js';

/** What is done for every effect the machines name; the type makes it total. */
export const createEffects = (services: EffectServices): EffectMap => ({
  recoverStore: () => recoverStore(services),
  validatePackage: ({ key }) => validatePackage(services, key),
  extractPackage: ({ key }, signal) => extractPackage(services, key, signal),
  buildEnvironment: ({ key }, signal) => buildEnvironment(services, key, signal),
  installWheels: ({ key }, signal) => installWheels(services, key, signal),
  completeDeployment: ({ key }) => completeDeployment(services, key),
  discardDeployment: async ({ key }) => {
    const { name, version } = releaseOf(key);
    await discardDeployment(services.layout, name, version);
  },
  recordRest: (record) => recordRest(services, record),
  removeRelease: (input) => removeRelease(services, input),
  commitRoutes: (change) => commitRoutes(services, change),
});

export { PendingEffects, toLogic, toLogics } from './effect-map.js';
export type { EffectLogics, EffectMap } from './effect-map.js';
export { probeIsolation, signalGroup, systemClock } from '../platform/index.js';
export type { Clock, Isolation, IsolationLevel, Timer } from '../platform/index.js';
export type { CallTable, FailedAttempt, PendingCall } from './calls.js';
export { runOsProcess } from './os-process/index.js';
export { Pipe } from './os-process/pipe.js';
export type { FrameSink, FrameSource } from './os-process/streams.js';
export type { ResourceSample } from './os-process/resource-watch.js';
export type { LivingProcess, OsServices } from './os-services.js';
export { Problems } from './problems.js';
export { openReleaseLog } from './release-log.js';
export type { ReleaseLog } from './release-log.js';
export { looksSecret, REDACTED, withoutSecrets } from './secrets.js';
export type { Progress, ReleaseFile, EffectServices } from './effect-services.js';
