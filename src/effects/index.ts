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
import type { Workshop } from './effect-services.js';

/** What is done for every effect the machines name; the type makes it total. */
export const createEffects = (workshop: Workshop): EffectMap => ({
  recoverStore: () => recoverStore(workshop),
  validatePackage: ({ key }) => validatePackage(workshop, key),
  extractPackage: ({ key }, signal) => extractPackage(workshop, key, signal),
  buildEnvironment: ({ key }, signal) => buildEnvironment(workshop, key, signal),
  installWheels: ({ key }, signal) => installWheels(workshop, key, signal),
  completeDeployment: ({ key }) => completeDeployment(workshop, key),
  discardDeployment: async ({ key }) => {
    const { name, version } = releaseOf(key);
    await discardDeployment(workshop.layout, name, version);
  },
  recordRest: (record) => recordRest(workshop, record),
  removeRelease: (input) => removeRelease(workshop, input),
  commitRoutes: (change) => commitRoutes(workshop, change),
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
export type { LivingProcess, World } from './world.js';
export { Problems } from './problems.js';
export { openReleaseLog } from './release-log.js';
export type { ReleaseLog } from './release-log.js';
export { looksSecret, REDACTED, withoutSecrets } from './secrets.js';
export type { Progress, ReleaseFile, Workshop } from './effect-services.js';
