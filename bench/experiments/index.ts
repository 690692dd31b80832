import { adapter } from './adapter.js';
import { calls } from './calls.js';
import { deploy } from './deploy.js';
import type { Experiment } from './experiment.js';
import { images } from './images.js';
import { memory } from './memory.js';
import { spawnToReady } from './spawn.js';

/** In the order of the table. */
export const EXPERIMENTS: readonly Experiment[] = [calls, adapter, images, spawnToReady, deploy, memory];
