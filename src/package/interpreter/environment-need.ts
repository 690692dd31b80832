import { z } from 'zod';
import { RunnerError } from '../../base/errors/index.js';
import { JsonProblem } from '../json/json-problem.js';
import { readJson } from '../json/read-json.js';
import type { Interpreter } from './interpreter.js';
import { minorOf } from './interpreter.js';

export const ENVIRONMENT_FILE = '.procvision_env.json';

/** What `.procvision_env.json` asks of the interpreter (contract §3); tools write null for "any". */
export interface EnvironmentNeed {
  /** `3.10`, or with a patch level. */
  readonly pythonVersion?: string;
  /** `cp` or `cpython`, … */
  readonly implementation?: string;
  /** `cp310`, `abi3` */
  readonly abi?: string;
  /** `manylinux2014_x86_64`, `win_amd64`, … */
  readonly platform?: string;
}

const text = z.string().max(100).nullish();
const schema = z.object({ python_version: text, implementation: text, abi: text, wheels_platform: text });

/** @throws RunnerError invalid_zip */
export function parseEnvironmentNeed(bytes: Uint8Array): EnvironmentNeed {
  const { data } = schema.safeParse(read(bytes));
  if (data === undefined) throw refused('must hold texts: python_version, implementation, abi, wheels_platform');
  return {
    ...given('pythonVersion', dotted(data.python_version)),
    ...given('implementation', data.implementation),
    ...given('abi', data.abi),
    ...given('platform', data.wheels_platform),
  };
}

function read(bytes: Uint8Array): unknown {
  try {
    return readJson(bytes);
  } catch (error) {
    throw error instanceof JsonProblem ? refused(`cannot be read: ${error.message}`) : error;
  }
}

const refused = (problem: string): RunnerError =>
  new RunnerError('invalid_zip', `${ENVIRONMENT_FILE} ${problem}.`, {
    details: { check: 'environment', entry: ENVIRONMENT_FILE },
  });

/** `310` as pip writes it is `3.10`. */
function dotted(version: string | null | undefined): string | null | undefined {
  return version?.replace(/^(\d)(\d+)$/, '$1.$2');
}

function given<K extends keyof EnvironmentNeed>(key: K, value: string | null | undefined): EnvironmentNeed {
  return value === undefined || value === null || value === '' ? {} : { [key]: value };
}

const IMPLEMENTATIONS: Readonly<Record<string, string>> = { cp: 'cpython', pp: 'pypy' };

/** Why an interpreter is not what the file asks for; undefined when it is. */
export function whyUnfit(need: EnvironmentNeed, interpreter: Interpreter): string | undefined {
  const { pythonVersion, implementation, abi, platform } = need;
  if (pythonVersion !== undefined && !`${interpreter.version}.`.startsWith(`${pythonVersion}.`)) {
    return `Python ${pythonVersion}`;
  }
  const wantsAny = implementation === undefined || implementation === 'py';
  if (!wantsAny && (IMPLEMENTATIONS[implementation] ?? implementation) !== interpreter.implementation) {
    return `${implementation} ${minorOf(interpreter)}`;
  }
  const tagParts = interpreter.tags.map((tag) => tag.split('-'));
  if (abi !== undefined && !tagParts.some(([, tagAbi]) => tagAbi === abi)) return `the ABI ${abi}`;
  if (platform !== undefined && !tagParts.some(([, , tagPlatform]) => tagPlatform === platform)) {
    return `the platform ${platform}`;
  }
  return undefined;
}
