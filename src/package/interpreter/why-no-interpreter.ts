import { RunnerError } from '../../base/errors/index.js';
import { ANOTHER_HASH } from '../wheels/choose-wheel.js';
import type { Wheel } from '../wheels/inspect-wheel.js';
import { resolveWheels } from '../wheels/resolve-wheels.js';
import type { ResolveFailure, Wanted } from '../wheels/wanted.js';
import { ENVIRONMENT_FILE, whyUnfit } from './environment-need.js';
import type { EnvironmentNeed } from './environment-need.js';
import { minorOf } from './interpreter.js';
import type { Interpreter } from './interpreter.js';

/** What a package needs of an interpreter. */
export interface InterpreterNeed {
  readonly environment: EnvironmentNeed;
  readonly wanted: readonly Wanted[];
  readonly wheels: readonly Wheel[];
}

/*
 * Why no interpreter of this machine will do: the one reason that matters. With several Pythons there are several sets of
 * reasons, and most are of no interest: what counts is what keeps out the one that comes closest.
 */

/** No interpreter is what `.procvision_env.json` asks for. */
export function unfit(found: readonly Interpreter[], { environment, wanted, wheels }: InterpreterNeed): RunnerError {
  const reasons = new Set(found.map((interpreter) => whyUnfit(environment, interpreter) ?? ''));
  const need = found.length === 0 ? `Python ${environment.pythonVersion ?? '3'}` : [...reasons].join(', ');
  const would = found.find((interpreter) => resolveWheels(wanted, wheels, interpreter).ok);
  const hint =
    would === undefined
      ? pythonHint(need, found[0])
      : `Its wheels fit Python ${would.version}, which is here: if ${ENVIRONMENT_FILE} asks for ${need} by mistake, correct it and package again.`;
  return incompatible(`${need} (says ${ENVIRONMENT_FILE})`, found, hint, { need, environment });
}

export interface Failed {
  readonly interpreter: Interpreter;
  readonly failures: readonly ResolveFailure[];
}

/** Interpreters fit, and for none of them the wheels answer every requirement. */
export function unresolved(
  found: readonly Interpreter[],
  environment: EnvironmentNeed,
  failed: readonly Failed[],
): RunnerError {
  const byDistance = [...failed].sort((a, b) => a.failures.length - b.failures.length || distanceOf(a) - distanceOf(b));
  // Wheels that are missing everywhere come before wheels that are made for another interpreter.
  const lacking = byDistance.find(({ failures }) => failures.every(({ kind }) => kind === 'missing'));
  if (lacking !== undefined) return missing(lacking.failures);
  const [closest] = byDistance;
  const misfit = closest?.failures.find(({ kind }) => kind === 'incompatible');
  if (closest === undefined || misfit === undefined) return missing(byDistance[0]?.failures ?? []);
  const { interpreter } = closest;
  const wheel = nearest(misfit.wheels, interpreter);
  const files = misfit.wheels.map(({ file }) => file);
  if (wheel === undefined) return missing(closest.failures);
  const { need, what } = needOf(wheel, interpreter);
  const asked = environment.pythonVersion;
  const contradiction =
    asked !== undefined && what === 'python'
      ? ` ${ENVIRONMENT_FILE} asks for Python ${asked}, and its wheels are for another: ${files.slice(0, 3).join(', ')}.`
      : '';
  const hint =
    contradiction !== ''
      ? `Make the two agree: fetch wheels for Python ${asked} (--python-version ${asked}), or correct ${ENVIRONMENT_FILE}, and package again.`
      : what === 'platform'
        ? platformHint(interpreter)
        : pythonHint(need, interpreter);
  return incompatible(
    `${need} (says ${wheel.file})`,
    found,
    hint,
    { need, wheels: files, closest: { version: interpreter.version, path: interpreter.path } },
    `${found.length > 1 ? ` That keeps out Python ${interpreter.version} at ${interpreter.path}, which comes closest.` : ''}${contradiction}`,
  );
}

function missing(failures: readonly ResolveFailure[]): RunnerError {
  const told = failures.slice(0, 3).map(({ message }) => message);
  const more = failures.length > 3 ? ` And ${failures.length - 3} more.` : '';
  const first = failures[0]?.requirement.split(';')[0]?.split(' --hash')[0]?.trim() ?? '';
  return new RunnerError('wheels_missing', `${told.join('; ')}.${more}`, {
    hint: told[0]?.endsWith(ANOTHER_HASH)
      ? `Put the wheel those hashes are of into wheels/ (pip download --require-hashes), or write the hash of this one (pip hash wheels/<file>), then package again.`
      : `Put a wheel of it into wheels/ of the project (pip download --only-binary :all: --dest wheels "${first}"), then package again.`,
    details: { missing: failures.map(({ requirement, wantedBy }) => ({ requirement, wantedBy })) },
  });
}

/** Of several wheels of one distribution, the one that is off by the least: the same Python before the same platform. */
function nearest(wheels: readonly Wheel[], interpreter: Interpreter): Wheel | undefined {
  return [...wheels].sort((a, b) => distance(a, interpreter) - distance(b, interpreter))[0];
}

const distance = (wheel: Wheel, interpreter: Interpreter): number =>
  (knowsPython(wheel, interpreter) ? 0 : 2) + (knowsPlatform(wheel, interpreter) ? 0 : 1);

const distanceOf = ({ interpreter, failures }: Failed): number =>
  failures.reduce((sum, { wheels }) => {
    const wheel = nearest(wheels, interpreter);
    return sum + (wheel === undefined ? 0 : distance(wheel, interpreter));
  }, 0);

const partsOf = ({ tags }: Pick<Wheel, 'tags'>) =>
  tags.map((tag) => {
    const [python = '', abi = '', platform = ''] = tag.split('-');
    return { python, abi, platform };
  });

const knowsPython = (wheel: Wheel, interpreter: Interpreter): boolean => {
  const own = new Set(partsOf(interpreter).map(({ python, abi }) => `${python}-${abi}`));
  return partsOf(wheel).some(({ python, abi }) => own.has(`${python}-${abi}`));
};

const knowsPlatform = (wheel: Wheel, interpreter: Interpreter): boolean => {
  const own = new Set(partsOf(interpreter).map(({ platform }) => platform));
  return partsOf(wheel).some(({ platform }) => own.has(platform));
};

/** What a wheel is made for, of what an interpreter is not. */
function needOf(wheel: Wheel, interpreter: Interpreter): { need: string; what: 'python' | 'platform' } {
  const isPython = knowsPython(wheel, interpreter);
  const platforms = [...new Set(partsOf(wheel).map(({ platform }) => platform))];
  if (isPython && !knowsPlatform(wheel, interpreter)) {
    return { need: `the platform ${platforms.join(' or ')}`, what: 'platform' };
  }
  const limits = wheel.metadata.requiresPython.map(({ operator, text }) => `${operator}${text}`).join(',');
  if (isPython && limits !== '') return { need: `Python ${limits}`, what: 'python' };
  const pythons = [...new Set(partsOf(wheel).map(({ python }) => python))];
  const named = pythons.map((python) => python.replace(/^(cp|pp|py)(\d)(\d+)$/, '$2.$3'));
  const alsoPlatform = knowsPlatform(wheel, interpreter) ? '' : ` on ${platforms.join(' or ')}`;
  return { need: `Python ${named.join(' or ')}${alsoPlatform}`, what: 'python' };
}

/** `manylinux2014_x86_64` rather than the newest: what packages are made for. */
function platformHint(interpreter: Interpreter): string {
  const own = partsOf(interpreter).map(({ platform }) => platform);
  const platform = own.find((name) => name.startsWith('manylinux2014_')) ?? own.find((name) => name !== 'any') ?? '';
  return `Package it for this machine: procvision package <project> --wheels-platform ${platform} --python-version ${minorOf(interpreter)}; without wheels of another platform in its wheels/.`;
}

function pythonHint(need: string, closest: Interpreter | undefined): string {
  const other =
    closest === undefined ? '' : `, or package it for one that is here: --python-version ${minorOf(closest)}`;
  return `Install what it needs, ${need}, on this machine (\`procvision doctor\` lists what is there)${other}.`;
}

function incompatible(
  need: string,
  found: readonly Interpreter[],
  hint: string,
  details: Record<string, unknown>,
  more = '',
): RunnerError {
  const versions = [...new Set(found.map(({ version }) => version))];
  return new RunnerError(
    'incompatible_python',
    `This package needs ${need}, found ${versions.length === 0 ? 'none' : versions.join(', ')}.${more}`,
    { hint, details: { found: versions, ...details } },
  );
}
