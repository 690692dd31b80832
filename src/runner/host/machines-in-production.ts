import type { AnyStateMachine } from 'xstate';
import {
  changeoverMachine,
  heartbeatMachine,
  MACHINES,
  packageMachine,
  processMachine,
  routeMachine,
  runnerMachine,
} from '../../../machines/index.js';
import type { EffectLogics, runOsProcess } from '../../effects/index.js';
import { machineHash } from '../../trace/index.js';

/** Version hashes of the machines, by id, as a trace names them. */
export const machineVersions = (): Readonly<Record<string, string>> =>
  Object.fromEntries(MACHINES.map((machine) => [machine.id, machineHash(machine)]));

/** What the pure machines need to run. */
export interface MachineParts {
  readonly effects: EffectLogics;
  readonly osProcess: ReturnType<typeof runOsProcess>;
  /** Goes around every machine, to see what is delivered to it. */
  readonly traced: <M extends AnyStateMachine>(machine: M) => M;
  /** Instead of those of production. */
  readonly machines?: ProductionMachines;
}

/** The machines that run a site, by what they are called where they are provided. */
export const PRODUCTION = {
  runner: runnerMachine,
  package: packageMachine,
  process: processMachine,
  heartbeat: heartbeatMachine,
  route: routeMachine,
  changeover: changeoverMachine,
} as const;
export type ProductionMachines = typeof PRODUCTION;

/** The pure machines with every effect provided and every delivered event seen: provide first, decorate last. */
export function productionRunner({ effects, osProcess, traced, machines = PRODUCTION }: MachineParts) {
  const process = traced(
    machines.process.provide({ actors: { runOsProcess: osProcess, heartbeat: traced(machines.heartbeat) } }),
  );
  const { recoverStore, commitRoutes, ...ofPackages } = effects;
  const packageLogic = traced(machines.package.provide({ actors: { process, ...ofPackages } }));
  const route = traced(machines.route.provide({ actors: { commitRoutes } }));
  const changeover = traced(machines.changeover.provide({ actors: { commitRoutes } }));
  return traced(machines.runner.provide({ actors: { package: packageLogic, route, changeover, recoverStore } }));
}
