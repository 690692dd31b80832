import type { Interpreter } from '../interpreter/interpreter.js';
import type { Dependency } from '../requirements/dependency.js';
import { markerHolds } from '../requirements/marker.js';
import { chooseWheel } from './choose-wheel.js';
import type { Wheel } from './inspect-wheel.js';
import type { ResolveFailure, Wanted } from './wanted.js';

export type Resolution =
  | { readonly ok: true; readonly wheels: readonly Wheel[] }
  | { readonly ok: false; readonly failures: readonly ResolveFailure[] };

type Asker = Pick<Interpreter, 'version' | 'tags' | 'markers'>;

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
      choice: chooseWheel(wants, candidates.get(key) ?? [], interpreter),
    }));
    const needed = groups.flatMap(({ wants, choice }) => ('kind' in choice ? [] : needsOf(choice, wants, interpreter)));
    const next = [...roots, ...needed];
    if (fingerprint(next) === fingerprint(asked)) return conclude(groups.map(({ choice }) => choice));
    asked = next;
  }
  return conclude([unsettled(asked)]);
}

function conclude(choices: readonly (Wheel | ResolveFailure)[]): Resolution {
  const failures = choices.filter((choice): choice is ResolveFailure => 'kind' in choice);
  if (failures.length > 0) return { ok: false, failures };
  return { ok: true, wheels: choices.filter((choice): choice is Wheel => 'file' in choice) };
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
