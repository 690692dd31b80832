import { isObject } from '../base/json/index.js';

/**
 * Whether a recorded value equals a live one as JSON: undefined is absent, an Error is its message. A fault's hint is
 * ignored, because it decides nothing and may be improved.
 */
export function isSameData(recorded: unknown, live: unknown): boolean {
  if (recorded === live) return true;
  if (live instanceof Error) return isSameData(recorded, live.message);
  if (live === undefined || typeof live === 'number') return (recorded ?? null) === (asNumber(live) ?? null);
  if (Array.isArray(live)) {
    if (!Array.isArray(recorded) || recorded.length !== live.length) return false;
    return live.every((value, i) => isSameData((recorded as readonly unknown[])[i], value));
  }
  if (typeof live !== 'object' || live === null) return false;
  if (typeof recorded !== 'object' || recorded === null || Array.isArray(recorded)) return false;
  return hasSameFields(recorded as Fields, live as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function hasSameFields(recorded: Fields, live: Fields): boolean {
  const isAdvice = (field: string): boolean => field === 'hint' && isFault(live) && isFault(recorded);
  for (const field in live) if (!isAdvice(field) && !isSameData(recorded[field], live[field])) return false;
  for (const field in recorded) if (!isAdvice(field) && recorded[field] !== undefined && !(field in live)) return false;
  return true;
}

const isFault = ({ code, name, message }: Fields): boolean =>
  [code, name, message].every((value) => typeof value === 'string');

/** What JSON cannot say is null. */
const asNumber = (value: number | undefined): number | undefined =>
  value === undefined || !Number.isFinite(value) ? undefined : value;

/** What differs between two values, by path: `{"fault.code": "3002"}`. */
export function differing(recorded: unknown, live: unknown): { readonly recorded: Fields; readonly live: Fields } {
  const found = { recorded: {} as Record<string, unknown>, live: {} as Record<string, unknown> };
  const look = (path: string, then: unknown, now: unknown): void => {
    if (isSameData(then, now)) return;
    if (hasFields(then) && hasFields(now))
      return [...new Set([...Object.keys(then), ...Object.keys(now)])].forEach((field) =>
        look(path === '' ? field : `${path}.${field}`, then[field], now[field]),
      );
    found.recorded[path] = then;
    found.live[path] = now;
  };
  look('', recorded, live);
  return found;
}

const hasFields = (value: unknown): value is Fields => isObject(value) && !(value instanceof Error);
