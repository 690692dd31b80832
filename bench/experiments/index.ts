import { adapter } from './adapter.js';
import { calls } from './calls.js';
import { decoding } from './decoding.js';
import { deploy } from './deploy.js';
import type { Experiment } from './experiment.js';
import { holds } from './holds.js';
import { images } from './images.js';
import { killToReady } from './kill.js';
import { knownReleases } from './known-releases.js';
import { memory } from './memory.js';
import { openStore } from './open-store.js';
import { rollback } from './rollback.js';
import { runningProcesses } from './running-processes.js';
import { spawnToReady } from './spawn.js';
import { startup } from './startup.js';
import { starvation } from './starvation.js';
import { switching } from './switch.js';
import { traceReading } from './trace-reading.js';

/** In the order of the table. */
export const EXPERIMENTS: readonly Experiment[] = [
  calls,
  adapter,
  images,
  decoding,
  starvation,
  spawnToReady,
  holds,
  deploy,
  memory,
  switching,
  killToReady,
  rollback,
  knownReleases,
  runningProcesses,
  openStore,
  traceReading,
  startup,
];
