import { RunnerError } from '../../base/errors/index.js';
import type { Wheel } from '../wheels/inspect-wheel.js';
import { resolveWheels } from '../wheels/resolve-wheels.js';
import { whyUnfit } from './environment-need.js';
import { PIP_NEEDED } from './interpreter.js';
import type { Interpreter, SystemPackage } from './interpreter.js';
import { unfit, unresolved } from './why-no-interpreter.js';
import type { InterpreterNeed } from './why-no-interpreter.js';

export type { InterpreterNeed } from './why-no-interpreter.js';

/** The interpreter a package is deployed with, and the wheels it takes there. */
export interface InterpreterChoice {
  readonly interpreter: Interpreter;
  readonly wheels: readonly Wheel[];
  /** What is taken from the interpreter itself in place of wheels. */
  readonly system: readonly SystemPackage[];
}

/**
 * The first interpreter found that fits `.procvision_env.json` and for which the wheels answer every requirement;
 * among those, one that can install and is not itself a virtual environment.
 *
 * @throws RunnerError incompatible_python, wheels_missing, or host_unfit when all that fit lack pip
 */
export function chooseInterpreter(found: readonly Interpreter[], need: InterpreterNeed): InterpreterChoice {
  const fitting = found.filter((interpreter) => whyUnfit(need.environment, interpreter) === undefined);
  if (fitting.length === 0) throw unfit(found, need);

  const tried = fitting.map((interpreter) => ({
    interpreter,
    resolution: resolveWheels(need.wanted, need.wheels, interpreter),
  }));
  const choices = tried.flatMap(({ interpreter, resolution }) =>
    resolution.ok ? [{ interpreter, wheels: resolution.wheels, system: resolution.system }] : [],
  );
  if (choices.length === 0) {
    const failed = tried.map(({ interpreter, resolution }) => ({
      interpreter,
      failures: resolution.ok ? [] : resolution.failures,
    }));
    throw unresolved(found, need.environment, failed);
  }
  const installing = choices.filter(({ interpreter }) => interpreter.canInstall);
  const best = installing.find(({ interpreter }) => !interpreter.isVirtual) ?? installing[0];
  if (best === undefined) throw cannotInstall(choices.map(({ interpreter }) => interpreter));
  return best;
}

function cannotInstall(fitting: readonly Interpreter[]): RunnerError {
  const told = fitting.map(
    ({ path, version, pipVersion }) =>
      `Python ${version} at ${path} has ${pipVersion === null ? 'no pip' : `pip ${pipVersion}`}`,
  );
  return new RunnerError('host_unfit', `Installing needs pip ${PIP_NEEDED} or newer, but ${told.join('; ')}.`, {
    hint: 'Install pip for that Python (Debian: apt install python3-pip), or upgrade it.',
    details: { interpreters: fitting.map(({ path, version, pipVersion }) => ({ path, version, pipVersion })) },
  });
}
