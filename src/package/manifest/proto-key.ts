import { isObject } from '../../base/json/index.js';

/**
 * A PID or kind may be called `__proto__`, but the schema's library leaves such a key out of every record: it goes through
 * under a name that no key can have, because manifests hold no lone surrogates.
 */
const KEY = '__proto__';
const STAND_IN = '\udc00__proto__';

/** The fields whose keys the author chooses. */
const RECORDS = ['required_assets', 'default_config'] as const;

export const hideProto = (document: unknown): unknown =>
  isObject(document) ? renamed(document, KEY, STAND_IN) : document;

export const showProto = <T extends object>(input: T): T => renamed(input, STAND_IN, KEY);

export const shownKey = (key: PropertyKey): PropertyKey => (key === STAND_IN ? KEY : key);

function renamed<T extends object>(document: T, from: string, to: string): T {
  const fields: [string, unknown][] = Object.entries(document);
  return Object.fromEntries(
    fields.map(([name, value]) => [name, RECORDS.some((it) => it === name) ? renamedKeys(value, from, to) : value]),
  ) as T;
}

function renamedKeys(value: unknown, from: string, to: string): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key === from ? to : key, renamedKeys(inner, from, to)]),
  );
}
