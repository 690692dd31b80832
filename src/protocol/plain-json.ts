import { isRounded } from '../base/json/index.js';
import { LEVELS_MAX } from './frame.js';

/** Values in all: a caller's data must not hold the host up either. */
const VALUES_MAX = 1_000_000;

/**
 * Why a value of a caller cannot travel to an algorithm as JSON and arrive as it was; null when it can. Properties that
 * are undefined are left out on the way, as everywhere in JavaScript, and are no reason.
 *
 * INVARIANTS
 * - It never recurses and never throws, whatever it is given: a cycle is too many levels.
 */
export function whyNotPlain(value: unknown, name: string): string | null {
  try {
    return firstReason(value, name);
  } catch {
    return `${name} cannot be read`; // a getter or a proxy that throws
  }
}

interface Place {
  readonly value: unknown;
  readonly key: string;
  readonly parent: Place | null;
  readonly level: number;
}

function firstReason(value: unknown, name: string): string | null {
  const open: Place[] = [{ value, key: name, parent: null, level: 1 }];
  let values = 0;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    values += 1;
    if (values > VALUES_MAX) return `${name} holds more than ${VALUES_MAX} values`;
    const what = notScalar(place.value);
    if (what === null) continue;
    if (what !== 'nested') return `${pathOf(place)} is ${what}`;
    if (place.level > LEVELS_MAX) return `${name} is nested more than ${LEVELS_MAX} levels deep, or holds itself`;
    for (const [key, inner] of Object.entries(place.value as object))
      if (inner !== undefined || Array.isArray(place.value))
        open.push({ value: inner, key, parent: place, level: place.level + 1 });
  }
  return null;
}

/** Null for what JSON says as it is; else what it is. */
function notScalar(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      if (!Number.isFinite(value)) return `${value}, which JSON cannot say`;
      return isRounded(value) ? `${value}, an integer beyond 2^53, which was rounded; give it as a text` : null;
    case 'undefined':
      return 'undefined';
    case 'bigint':
    case 'symbol':
    case 'function':
      return `a ${typeof value}, which JSON cannot say`;
    case 'object':
      return value === null ? null : notPlain(value);
  }
}

function notPlain(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm has another Object.prototype.
  if (Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null) return 'nested';
  const { name = 'something' } = (prototype as { constructor?: { name?: string } }).constructor ?? {};
  return `a ${name}, which JSON cannot say`;
}

function pathOf({ key, parent }: Place): string {
  const keys = [key];
  for (let at = parent; at !== null; at = at.parent) keys.unshift(at.key);
  return keys.join('.');
}
