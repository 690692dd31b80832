import { baseOf, compareVersions, isPrerelease, parseVersion, publicOf } from './version.js';
import type { Version } from './version.js';

export type SpecifierOperator = '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=' | '===';

/** One clause of a version specifier (PEP 440): `>=1.2`, `==2.*`. */
export interface Specifier {
  readonly operator: SpecifierOperator;
  /** As written, without `.*`. */
  readonly text: string;
  /** Missing only for `===`, which compares texts. */
  readonly version?: Version;
  /** `==1.2.*`, `!=1.2.*` */
  readonly isPrefix: boolean;
}

const CLAUSE = /^(===|==|!=|<=|>=|~=|<|>)\s*(\S+)$/;

/** The clauses of `>=1.2,<2`; undefined when one of them is not a specifier. */
export function parseSpecifiers(text: string): readonly Specifier[] | undefined {
  const clauses = text.split(',').map((clause) => clause.trim());
  const parsed = clauses.filter((clause) => clause !== '').map(parseSpecifier);
  return parsed.every((specifier) => specifier !== undefined) ? parsed : undefined;
}

export function parseSpecifier(text: string): Specifier | undefined {
  const [, operator, written = ''] = CLAUSE.exec(text.trim()) ?? [];
  if (operator === undefined) return undefined;
  if (operator === '===') return { operator, text: written, isPrefix: false };
  const isPrefix = written.endsWith('.*');
  const version = parseVersion(isPrefix ? written.slice(0, -2) : written);
  if (version === undefined) return undefined;
  const isEquality = operator === '==' || operator === '!=';
  if (isPrefix && (!isEquality || version.local !== undefined || isPrerelease(version))) return undefined;
  if (version.local !== undefined && !isEquality) return undefined;
  if (operator === '~=' && version.release.length < 2) return undefined;
  return { operator: operator as SpecifierOperator, text: written, version, isPrefix };
}

/** Whether a version is allowed by every clause; pre-releases count like any other version. */
export const satisfies = (version: Version, specifiers: readonly Specifier[]): boolean =>
  specifiers.every((specifier) => allows(specifier, version));

function allows(specifier: Specifier, version: Version): boolean {
  const { operator, version: wanted } = specifier;
  if (wanted === undefined) return specifier.text.toLowerCase() === version.text.toLowerCase();
  switch (operator) {
    case '==':
      return equals(version, wanted, specifier.isPrefix);
    case '!=':
      return !equals(version, wanted, specifier.isPrefix);
    case '<=':
      return compareVersions(publicOf(version), wanted) <= 0;
    case '>=':
      return compareVersions(publicOf(version), wanted) >= 0;
    case '<':
      return isBefore(version, wanted);
    case '>':
      return isAfter(version, wanted);
    case '~=':
      return (
        compareVersions(publicOf(version), wanted) >= 0 &&
        startsWith(version, { ...baseOf(wanted), release: wanted.release.slice(0, -1) })
      );
    case '===':
      return false;
  }
}

function equals(version: Version, wanted: Version, isPrefix: boolean): boolean {
  if (isPrefix) return startsWith(version, wanted);
  return compareVersions(wanted.local === undefined ? publicOf(version) : version, wanted) === 0;
}

const startsWith = (version: Version, { epoch, release }: Version): boolean =>
  version.epoch === epoch && release.every((number, place) => number === (version.release[place] ?? 0n));

const sameBase = (a: Version, b: Version): boolean => compareVersions(baseOf(a), baseOf(b)) === 0;

/** `<2.0` leaves out `2.0rc1`, unless the bound is a pre-release itself. */
function isBefore(version: Version, bound: Version): boolean {
  if (compareVersions(version, bound) >= 0) return false;
  return isPrerelease(bound) || !isPrerelease(version) || !sameBase(version, bound);
}

/** `>1.7` leaves out `1.7.post1` and `1.7+local`. */
function isAfter(version: Version, bound: Version): boolean {
  if (compareVersions(version, bound) <= 0) return false;
  if (bound.post === undefined && version.post !== undefined && sameBase(version, bound)) return false;
  return version.local === undefined || !sameBase(version, bound);
}
