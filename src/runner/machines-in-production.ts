import type { AnyStateMachine } from 'xstate';
import {
  changeoverMachine,
  heartbeatMachine,
  MACHINES,
  packageMachine,
  processMachine,
  routeMachine,
  runnerMachine,
} from '../../machines/index.js';
import { createEffects, runOsProcess, toLogic } from '../effects/index.js';
import type { PendingEffects, Workshop } from '../effects/index.js';
import { decorate, machineHash } from '../trace/index.js';
import type { Recorder } from '../trace/index.js';

/** Version hashes of the machines, by id, as a trace names them. */
export const machineVersions = (): Readonly<Record<string, string>> =>
  Object.fromEntries(MACHINES.map((machine) => [machine.id, machineHash(machine)]));

/** The pure machines with every effect provided and every delivered event recorded: provide first, decorate last. */
export function productionRunner(workshop: Workshop, recorder: Recorder | null, pending: PendingEffects) {
  const traced = <M extends AnyStateMachine>(machine: M): M =>
    recorder === null ? machine : decorate(machine, recorder);
  const effects = createEffects(workshop);

  const process = traced(
    processMachine.provide({ actors: { runOsProcess: runOsProcess(workshop), heartbeat: traced(heartbeatMachine) } }),
  );
  const packageLogic = traced(
    packageMachine.provide({
      actors: {
        process,
        validatePackage: toLogic(effects, 'validatePackage', pending),
        extractPackage: toLogic(effects, 'extractPackage', pending),
        buildEnvironment: toLogic(effects, 'buildEnvironment', pending),
        installWheels: toLogic(effects, 'installWheels', pending),
        completeDeployment: toLogic(effects, 'completeDeployment', pending),
        discardDeployment: toLogic(effects, 'discardDeployment', pending),
        recordRest: toLogic(effects, 'recordRest', pending),
        removeRelease: toLogic(effects, 'removeRelease', pending),
      },
    }),
  );
  const commitRoutes = toLogic(effects, 'commitRoutes', pending);
  const route = traced(routeMachine.provide({ actors: { commitRoutes } }));
  const changeover = traced(changeoverMachine.provide({ actors: { commitRoutes } }));
  return traced(
    runnerMachine.provide({
      actors: { package: packageLogic, route, changeover, recoverStore: toLogic(effects, 'recoverStore', pending) },
    }),
  );
}
