import type { Interpreter, SystemPackage } from '../interpreter/interpreter.js';
import type { Dependency } from '../requirements/dependency.js';
import { markerHolds } from '../requirements/marker.js';
import { satisfies } from '../requirements/specifier.js';
import { parseVersion } from '../requirements/version.js';
import { chooseWheel } from './choose-wheel.js';
import type { Wheel } from './inspect-wheel.js';
import type { ResolveFailure, Wanted } from './wanted.js';

export type Resolution =
  | {
      readonly ok: true;
      readonly wheels: readonly Wheel[];
      /** What the interpreter itself has, and no wheel is needed of; with everything it needs in turn. */
      readonly system: readonly SystemPackage[];
    }
  | { readonly ok: false; readonly failures: readonly ResolveFailure[] };

type Asker = Pick<Interpreter, 'version' | 'tags' | 'markers' | 'systemPackages'>;
type Choice = Wheel | SystemPackage | ResolveFailure;

/** A choice may change what is needed, and that the choice; real packages settle within the depth of their tree. */
const ROUNDS_MAX = 100;

/**
 * One wheel for everything wanted and, in turn, for everything those wheels need, as far as markers apply to the
 * interpreter. There is no search through older versions: a package ships what it needs.
 */
export function resolveWheels(wanted: readonly Wanted[], wheels: readonly Wheel[], interpreter: Asker): Resolution {
  const candidates = grouped(wheels);
  const roots = wanted.filter((want) => applies(want, interpreter, []));
  let asked: readonly Wanted[] = roots;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const groups = [...grouped(asked)].map(([key, wants]) => ({
      wants,
      choice: choose(wants, candidates.get(key) ?? [], interpreter),
    }));
    const needed = groups.flatMap(({ wants, choice }) => ('file' in choice ? needsOf(choice, wants, interpreter) : []));
    const next = [...roots, ...needed];
    if (fingerprint(next) === fingerprint(asked)) return conclude(groups.map(({ choice }) => choice));
    asked = next;
  }
  return conclude([unsettled(asked)]);
}

/** A wheel the package brings comes before what the interpreter has: it is what its author tried it with. */
function choose(wants: readonly [Wanted, ...Wanted[]], candidates: readonly Wheel[], interpreter: Asker): Choice {
  const choice = chooseWheel(wants, candidates, interpreter);
  if (!('kind' in choice) || interpreter.systemPackages === undefined) return choice;
  const own = interpreter.systemPackages.find(({ key }) => key === wants[0].key);
  if (own === undefined) return choice;
  const version = parseVersion(own.version);
  const suits = ({ specifiers, hashes = [] }: Wanted): boolean =>
    hashes.length === 0 && version !== undefined && satisfies(version, specifiers);
  if (wants.every(suits)) return own;
  return {
    ...choice,
    message: `${choice.message}, and Python ${interpreter.version} itself has ${own.key} ${own.version}`,
  };
}

function conclude(choices: readonly Choice[]): Resolution {
  const failures = choices.filter((choice): choice is ResolveFailure => 'kind' in choice);
  if (failures.length > 0) return { ok: false, failures };
  const wheels = choices.filter((choice): choice is Wheel => 'file' in choice);
  const system = choices.filter((choice): choice is SystemPackage => !('file' in choice) && !('kind' in choice));
  return { ok: true, wheels, system };
}

function needsOf(wheel: Wheel, wants: readonly Wanted[], interpreter: Asker): Wanted[] {
  const extras = wants.flatMap((want) => want.extras);
  return wheel.metadata.requiresDist
    .filter((dependency) => applies(dependency, interpreter, extras))
    .map((dependency) => ({ ...dependency, wantedBy: `${wheel.metadata.name} ${wheel.version.text}` }));
}

function applies({ marker }: Dependency, { markers }: Asker, extras: readonly string[]): boolean {
  return marker === undefined || ['', ...extras].some((extra) => markerHolds(marker, markers, extra));
}

function grouped<T extends { readonly key: string }>(items: readonly T[]): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(item.key);
    if (group === undefined) groups.set(item.key, [item]);
    else group.push(item);
  }
  return groups;
}

const fingerprint = (wants: readonly Wanted[]): string =>
  wants
    .map(({ wantedBy, text }) => `${wantedBy}: ${text}`)
    .sort()
    .join('\n');

function unsettled(asked: readonly Wanted[]): ResolveFailure {
  const requirement = asked.map(({ text }) => text).join(', ');
  const message = `the wheels need each other in a way that does not settle: ${requirement.slice(0, 400)}`;
  return { kind: 'missing', requirement, wantedBy: 'wheels/', message, wheels: [] };
}
