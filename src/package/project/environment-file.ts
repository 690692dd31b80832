import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENVIRONMENT_FILE, parseEnvironmentNeed } from '../interpreter/environment-need.js';
import type { EnvironmentNeed } from '../interpreter/environment-need.js';
import { isPure } from '../wheels/wheel-name.js';
import type { WheelName } from '../wheels/wheel-name.js';

/** The machine a project says it is for, if it says so. */
export async function readTarget(project: string): Promise<EnvironmentNeed> {
  const bytes = await readFile(join(project, ENVIRONMENT_FILE)).catch(() => undefined);
  return bytes === undefined ? {} : parseEnvironmentNeed(bytes);
}

/**
 * `.procvision_env.json` of a package: what was asked for, or what compiled wheels leave no choice about. Undefined
 * for a package that runs on any interpreter.
 */
export function environmentFile(target: EnvironmentNeed, wheels: readonly WheelName[]): Buffer | undefined {
  const need = Object.keys(target).length > 0 ? target : needOfCompiled(wheels);
  if (Object.keys(need).length === 0) return undefined;
  const document = {
    python_version: need.pythonVersion,
    implementation: need.implementation,
    abi: need.abi,
    wheels_platform: need.platform,
  };
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}

/** The one CPython all version-bound wheels are built for; the platform stays with their tags. */
function needOfCompiled(wheels: readonly WheelName[]): EnvironmentNeed {
  const bound = wheels.filter((wheel) => !isPure(wheel)).flatMap(({ tags }) => tags.map((tag) => tag.split('-')));
  const abis = new Set(bound.filter(([python, abi]) => python === abi).map(([, abi = '']) => abi));
  const [abi, ...others] = abis;
  const [, major, minor] = /^cp(\d)(\d+)$/.exec(abi ?? '') ?? [];
  if (abi === undefined || major === undefined || minor === undefined || others.length > 0) return {};
  return { pythonVersion: `${major}.${minor}`, implementation: 'cp', abi };
}
