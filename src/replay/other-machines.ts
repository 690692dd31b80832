import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyStateMachine } from 'xstate';
import { MACHINES } from '../../machines/index.js';
import { RunnerError } from '../base/errors/index.js';
import { machineHash } from '../trace/index.js';
import { isMachine } from './replayed-actor.js';

/**
 * The machines a version names: today's by a hash of one of them, those of another build by the path of its module
 * (`dist/machines/index.js`), which is run for it.
 *
 * @throws RunnerError invalid_usage
 */
export async function machinesOf(version: string): Promise<readonly AnyStateMachine[]> {
  if (isHash(version)) return todaysBy(version);
  const module: unknown = await import(pathToFileURL(resolve(version)).href).catch((cause: unknown) => {
    throw new RunnerError('invalid_usage', `The machines ${version} cannot be loaded.`, { cause, hint: HINT });
  });
  const { MACHINES: machines } = module as { readonly MACHINES?: unknown };
  if (Array.isArray(machines) && machines.length > 0 && machines.every(isMachine)) return machines;
  throw new RunnerError('invalid_usage', `${version} exports no MACHINES.`, { hint: HINT });
}

const HINT = 'Name the machines of another build by its module: <that installation>/dist/machines/index.js.';

const isHash = (text: string): boolean => /^[0-9a-f]{4,12}$/.test(text);

function todaysBy(hash: string): readonly AnyStateMachine[] {
  if (MACHINES.some((machine) => machineHash(machine).startsWith(hash))) return MACHINES;
  const known = MACHINES.map((machine) => `${machine.id} ${machineHash(machine)}`).join(', ');
  throw new RunnerError('invalid_usage', `No machine of this Runner has the version ${hash}.`, {
    hint: `This Runner's are ${known}. ${HINT}`,
  });
}
