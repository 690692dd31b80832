import { RunnerError } from '../../errors/index.js';
import type { Wheel } from '../wheels/inspect-wheel.js';
import { resolveWheels } from '../wheels/resolve-wheels.js';
import type { ResolveFailure, Wanted } from '../wheels/wanted.js';
import { ENVIRONMENT_FILE, whyUnfit } from './environment-need.js';
import type { EnvironmentNeed } from './environment-need.js';
import { PIP_NEEDED } from './interpreter.js';
import type { Interpreter } from './interpreter.js';

/** What a package needs of an interpreter. */
export interface InterpreterNeed {
  readonly environment: EnvironmentNeed;
  readonly wanted: readonly Wanted[];
  readonly wheels: readonly Wheel[];
}

/** The interpreter a package is deployed with, and the wheels it takes there. */
export interface InterpreterChoice {
  readonly interpreter: Interpreter;
  readonly wheels: readonly Wheel[];
}

/**
 * The first interpreter found that fits `.procvision_env.json` and for which the wheels answer every requirement;
 * among those, one that can install and is not itself a virtual environment.
 *
 * @throws RunnerError incompatible_python, wheels_missing, or host_unfit when all that fit lack pip
 */
export function chooseInterpreter(found: readonly Interpreter[], need: InterpreterNeed): InterpreterChoice {
  const fitting = found.filter((interpreter) => whyUnfit(need.environment, interpreter) === undefined);
  if (fitting.length === 0) throw unfit(found, need.environment);

  const tried = fitting.map((interpreter) => ({
    interpreter,
    resolution: resolveWheels(need.wanted, need.wheels, interpreter),
  }));
  const choices = tried.flatMap(({ interpreter, resolution }) =>
    resolution.ok ? [{ interpreter, wheels: resolution.wheels }] : [],
  );
  if (choices.length === 0)
    throw unresolved(
      found,
      tried.flatMap(({ resolution }) => (resolution.ok ? [] : [resolution.failures])),
    );
  const installing = choices.filter(({ interpreter }) => interpreter.canInstall);
  const best = installing.find(({ interpreter }) => !interpreter.isVirtual) ?? installing[0];
  if (best === undefined) throw cannotInstall(choices.map(({ interpreter }) => interpreter));
  return best;
}

function unfit(found: readonly Interpreter[], environment: EnvironmentNeed): RunnerError {
  const reasons = new Set(found.map((interpreter) => whyUnfit(environment, interpreter) ?? ''));
  const need = found.length === 0 ? (environment.pythonVersion ?? 'Python 3') : [...reasons].join(', ');
  return incompatible(need, ENVIRONMENT_FILE, found, { environment });
}

/** Wheels that are missing everywhere come before wheels that are made for another interpreter. */
function unresolved(found: readonly Interpreter[], failed: readonly (readonly ResolveFailure[])[]): RunnerError {
  const onlyMissing = failed.find((failures) => failures.every(({ kind }) => kind === 'missing'));
  if (onlyMissing !== undefined) return missing(onlyMissing);
  const misfits = failed.flat().filter(({ kind }) => kind === 'incompatible');
  const wheels = [...new Set(misfits.flatMap((failure) => failure.wheels))];
  const needs = new Set(wheels.map((wheel) => needOf(wheel, found)));
  const files = [...new Set(wheels.map(({ file }) => file))];
  return incompatible([...needs].join(' or '), files.slice(0, 3).join(', '), found, { wheels: files });
}

function missing(failures: readonly ResolveFailure[]): RunnerError {
  const told = failures.slice(0, 3).map(({ message }) => message);
  const more = failures.length > 3 ? ` And ${failures.length - 3} more.` : '';
  return new RunnerError('wheels_missing', `${told.join('; ')}.${more}`, {
    details: { missing: failures.map(({ requirement, wantedBy }) => ({ requirement, wantedBy })) },
  });
}

/** What a wheel is made for: the Python, or the platform where the Python is here. */
function needOf(wheel: Wheel, found: readonly Interpreter[]): string {
  const parts = wheel.tags.map((tag) => tag.split('-'));
  const pythons = new Set(parts.map(([python = '']) => python));
  const knows = ({ tags }: Interpreter): boolean => tags.some((tag) => pythons.has(tag.split('-')[0] ?? ''));
  const isKnown = found.some(knows);
  const limits = wheel.metadata.requiresPython.map(({ operator, text }) => `${operator}${text}`).join(',');
  const platforms = [...new Set(parts.map(([, , platform = '']) => platform))].filter((platform) => platform !== 'any');
  if (
    isKnown &&
    platforms.length > 0 &&
    !found.some(({ tags }) => tags.some((tag) => platforms.includes(tag.split('-')[2] ?? '')))
  ) {
    return `the platform ${platforms.join(' or ')}`;
  }
  const named = [...pythons].map((python) => python.replace(/^(cp|pp|py)(\d)(\d+)$/, '$2.$3'));
  return isKnown && limits !== '' ? `Python ${limits}` : `Python ${named.join(' or ')}`;
}

function incompatible(
  need: string,
  source: string,
  found: readonly Interpreter[],
  details: Record<string, unknown>,
): RunnerError {
  const versions = [...new Set(found.map(({ version }) => version))];
  return new RunnerError(
    'incompatible_python',
    `This package needs ${need} (says ${source}), found ${versions.length === 0 ? 'none' : versions.join(', ')}.`,
    { details: { need, found: versions, ...details } },
  );
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
