import type { AnyStateMachine } from 'xstate';
import { changeoverMachine } from './changeover.machine.js';
import { heartbeatMachine } from './heartbeat.machine.js';
import { packageMachine } from './package.machine.js';
import { processMachine } from './process.machine.js';
import { routeMachine } from './route.machine.js';
import { runnerMachine } from './runner.machine.js';

/** Every machine there is, the root first: what is drawn, traced by version, covered by tests. */
export const MACHINES: readonly AnyStateMachine[] = [
  runnerMachine,
  packageMachine,
  processMachine,
  heartbeatMachine,
  routeMachine,
  changeoverMachine,
];
