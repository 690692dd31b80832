import type { Interpreter } from '../interpreter/interpreter.js';
import { satisfies } from '../requirements/specifier.js';
import { compareVersions, isPrerelease, parseVersion } from '../requirements/version.js';
import type { Wheel } from './inspect-wheel.js';
import type { ResolveFailure, Wanted } from './wanted.js';

/**
 * The best wheel of one distribution for everybody who wants it: the highest version, then the tag the interpreter
 * likes best, then the latest build.
 *
 * @param candidates all wheels of that distribution
 */
export function chooseWheel(
  wants: readonly [Wanted, ...Wanted[]],
  candidates: readonly Wheel[],
  interpreter: Pick<Interpreter, 'version' | 'tags'>,
): Wheel | ResolveFailure {
  const [first] = wants;
  const failure = (kind: ResolveFailure['kind'], want: Wanted, why: string, wheels: readonly Wheel[] = []) => ({
    kind,
    requirement: want.text,
    wantedBy: want.wantedBy,
    message: `${want.wantedBy} needs ${want.text}, but ${why}`,
    wheels,
  });
  if (candidates.length === 0) return failure('missing', first, `wheels/ holds no wheel of ${first.name}`);

  const unhappy = wants.find((want) => !candidates.some((wheel) => suits(wheel, want)));
  const suiting = candidates.filter((wheel) => wants.every((want) => suits(wheel, want)));
  if (unhappy !== undefined || suiting.length === 0) {
    const versions = [...new Set(candidates.map(({ version }) => version.text))].join(', ');
    return failure('missing', unhappy ?? first, whyUnsuited(unhappy ?? first, candidates, versions));
  }
  const fitting = suiting.filter((wheel) => fits(wheel, interpreter));
  const [best] = fitting.sort((a, b) => byPreference(a, b, interpreter));
  if (best !== undefined) return best;
  const files = suiting.map(({ file }) => file).join(', ');
  return failure('incompatible', first, `Python ${interpreter.version} cannot use ${files}`, suiting);
}

/** What is said of a wheel whose hash requirements.txt does not have. */
export const ANOTHER_HASH = 'has another hash than requirements.txt allows';

const suits = (wheel: Wheel, want: Wanted): boolean =>
  satisfies(wheel.version, want.specifiers) && hasHash(wheel, want);

/** Only SHA-256 is known of a wheel; other algorithms are left to the installer. */
function hasHash({ sha256 }: Wheel, { hashes = [] }: Wanted): boolean {
  const known = hashes.filter(({ algorithm }) => algorithm === 'sha256');
  return known.length === 0 || known.some(({ digest }) => digest === sha256);
}

function whyUnsuited(want: Wanted, candidates: readonly Wheel[], versions: string): string {
  const sameVersion = candidates.some(({ version }) => satisfies(version, want.specifiers));
  if (sameVersion && want.hashes !== undefined && want.hashes.length > 0) {
    return `the wheel in wheels/ ${ANOTHER_HASH}`;
  }
  return `wheels/ holds ${want.name} ${versions}`;
}

function fits(wheel: Wheel, { version, tags }: Pick<Interpreter, 'version' | 'tags'>): boolean {
  const python = parseVersion(version);
  if (python === undefined || !satisfies(python, wheel.metadata.requiresPython)) return false;
  return wheel.tags.some((tag) => tags.includes(tag));
}

function byPreference(a: Wheel, b: Wheel, { tags }: Pick<Interpreter, 'tags'>): number {
  const rank = (wheel: Wheel): number =>
    Math.min(...wheel.tags.map((tag) => tags.indexOf(tag)).filter((at) => at !== -1));
  return (
    Number(isPrerelease(a.version)) - Number(isPrerelease(b.version)) ||
    compareVersions(b.version, a.version) ||
    rank(a) - rank(b) ||
    b.build - a.build
  );
}
