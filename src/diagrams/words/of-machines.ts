import { PACKAGE_WORDS } from './package.js';
import { HEARTBEAT_WORDS, PROCESS_WORDS } from './process.js';
import { CHANGEOVER_WORDS, ROUTE_WORDS } from './route.js';
import { RUNNER_WORDS } from './runner.js';
import type { MachineWords } from './words.js';

/** What the names of the Runner's own machines mean, by machine id. */
export const WORDS: Readonly<Record<string, MachineWords>> = {
  runner: RUNNER_WORDS,
  package: PACKAGE_WORDS,
  process: PROCESS_WORDS,
  heartbeat: HEARTBEAT_WORDS,
  route: ROUTE_WORDS,
  changeover: CHANGEOVER_WORDS,
};
