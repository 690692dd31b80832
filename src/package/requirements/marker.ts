import { normaliseName } from './project-name.js';
import { parseSpecifier, satisfies } from './specifier.js';
import { parseVersion } from './version.js';

/** The variables of PEP 508 markers that an interpreter answers, `extra` aside. */
export const MARKER_VARIABLES = [
  'os_name',
  'sys_platform',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'python_version',
  'python_full_version',
  'implementation_name',
  'implementation_version',
] as const;
export type MarkerVariable = (typeof MARKER_VARIABLES)[number];
export type MarkerEnvironment = Readonly<Record<MarkerVariable, string>>;

export const MARKER_OPERATORS = ['===', '==', '~=', '!=', '<=', '>=', '<', '>', 'in', 'not in'] as const;
export type MarkerOperator = (typeof MARKER_OPERATORS)[number];

export type MarkerOperand = { readonly literal: string } | { readonly variable: MarkerVariable | 'extra' };

export type Marker =
  | { readonly kind: 'and' | 'or'; readonly left: Marker; readonly right: Marker }
  | {
      readonly kind: 'compare';
      readonly left: MarkerOperand;
      readonly operator: MarkerOperator;
      readonly right: MarkerOperand;
    };

/**
 * Whether a marker holds on an interpreter.
 *
 * @param extra the extra the dependency is asked for, or none
 */
export function markerHolds(marker: Marker, environment: MarkerEnvironment, extra = ''): boolean {
  if (marker.kind !== 'compare') {
    const left = markerHolds(marker.left, environment, extra);
    return left === (marker.kind === 'or') ? left : markerHolds(marker.right, environment, extra);
  }
  const valueOf = (side: MarkerOperand): string => {
    if ('literal' in side) return side.literal;
    return side.variable === 'extra' ? extra : environment[side.variable];
  };
  const isExtra = [marker.left, marker.right].some((side) => 'variable' in side && side.variable === 'extra');
  const shape = isExtra ? normaliseName : (value: string) => value;
  return compareValues(shape(valueOf(marker.left)), marker.operator, shape(valueOf(marker.right)), isExtra);
}

function compareValues(left: string, operator: MarkerOperator, right: string, asText: boolean): boolean {
  if (operator === 'in') return right.includes(left);
  if (operator === 'not in') return !right.includes(left);
  const specifier = asText ? undefined : parseSpecifier(operator + right);
  const version = parseVersion(left);
  if (specifier !== undefined && version !== undefined) return satisfies(version, [specifier]);
  switch (operator) {
    case '==':
    case '===':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '~=':
      return false;
  }
}
