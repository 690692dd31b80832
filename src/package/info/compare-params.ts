import { showValue } from '../../base/errors/index.js';
import { isObject } from '../../base/json/index.js';
import type { DeclaredParam } from './declared.js';

/**
 * Where the parameters that get_info() tells of a step are other than the manifest's, each with its name and both values.
 *
 * @param step of get_info(); without parameters it says nothing of them
 */
export function paramDifferences(step: unknown, declared: readonly DeclaredParam[]): readonly string[] {
  const { params, parameters } = (isObject(step) ? step : {}) as { params?: unknown; parameters?: unknown };
  const given: unknown = params ?? parameters;
  if (!Array.isArray(given)) return [];
  const known = new Map(declared.map((param) => [param.key, param]));
  return given.filter(isObject).flatMap((param) => {
    const { key } = param;
    if (typeof key !== 'string') return [];
    const own = known.get(key);
    const name = `parameter ${showValue(key)}`;
    if (own === undefined) return [`${name} is not in the manifest`];
    return [...typeDifferences(param, own), ...defaultDifferences(param, own)].map(
      ({ field, is, says }) => `${name}: ${field} is ${is}, the manifest says ${says}`,
    );
  });
}

interface Difference {
  readonly field: string;
  readonly is: string;
  readonly says: string;
}

function typeDifferences(given: Readonly<Record<string, unknown>>, own: DeclaredParam): readonly Difference[] {
  const { type, item_type: itemType } = given;
  if (type !== undefined && type !== own.type)
    return [{ field: 'type', is: showValue(type), says: showValue(own.type) }];
  if (itemType === undefined || own.itemType === undefined || itemType === own.itemType) return [];
  return [{ field: 'item_type', is: showValue(itemType), says: showValue(own.itemType) }];
}

/** A default of null is how some tools write "none". */
function defaultDifferences(given: Readonly<Record<string, unknown>>, own: DeclaredParam): readonly Difference[] {
  if (given['default'] === undefined) return [];
  const is = given['default'];
  const says = own.default ?? null;
  if (sameDefault(is, says, own.type)) return [];
  const shown = (value: unknown): string => (value === null ? 'none' : showValue(value));
  return [{ field: 'default', is: shown(is), says: shown(says) }];
}

function sameDefault(given: unknown, declared: unknown, type: string): boolean {
  return type === 'rect' ? same(rectOf(given), rectOf(declared)) : same(given, declared);
}

/** `"x,y,width,height"` as what it stands for. */
function rectOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [x, y, width, height] = value.split(',').map(Number);
  return { x, y, width, height };
}

/** Whatever the order of keys; never recursing, since one of the two is an algorithm's. */
function same(given: unknown, declared: unknown): boolean {
  const open: (readonly [unknown, unknown])[] = [[given, declared]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [one, other] = pair;
    if (one === other) continue;
    if (Array.isArray(one) && Array.isArray(other)) {
      if (one.length !== other.length) return false;
      open.push(...one.map((item, i): [unknown, unknown] => [item, other[i]]));
    } else if (isObject(one) && isObject(other)) {
      const keys = Object.keys(one);
      if (keys.length !== Object.keys(other).length || !keys.every((key) => Object.hasOwn(other, key))) return false;
      open.push(...keys.map((key): [unknown, unknown] => [one[key], other[key]]));
    } else return false;
  }
  return true;
}
