import { isObject } from '../base/json/index.js';

const WIDTH = 120;

/**
 * Plain data as a TypeScript literal, laid out as the project lays out its code.
 *
 * @param before what stands on the line before it, @param after behind it
 */
export function literal(value: unknown, indent = 0, before = 0, after = 1): string {
  const flat = flatLiteral(value);
  if (typeof value !== 'object' || value === null) return flat;
  if (indent + before + flat.length + after <= WIDTH && !hasRows(value)) return flat;
  const inner = ' '.repeat(indent + 2);
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${literal(item, indent + 2)},`)
    : fieldsOf(value).map(([key, field]) => `${inner}${fieldLiteral(key, field, indent + 2)},`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join('\n')}\n${' '.repeat(indent)}${close}`;
}

/** A text too long for the line has one of its own. */
function fieldLiteral(key: string, value: unknown, indent: number): string {
  const text = literal(value, indent, key.length + 2);
  const isTooLong = typeof value === 'string' && indent + key.length + 2 + text.length + 1 > WIDTH;
  return isTooLong ? `${key}:\n${' '.repeat(indent + 2)}${text}` : `${key}: ${text}`;
}

/** Somewhere in it is a list of records, each of which has a line of its own. */
function hasRows(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const items = Object.values(value) as readonly unknown[];
  if (!Array.isArray(value) || items.length < 2) return items.some(hasRows);
  return items.every(isRecord) || items.some(hasRows);
}

const isRecord = (value: unknown): boolean => isObject(value) && fieldsOf(value).length > 1;

function flatLiteral(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = fieldsOf(value);
  return fields.length === 0 ? '{}' : `{ ${fields.map(([key, field]) => `${key}: ${flatLiteral(field)}`).join(', ')} }`;
}

const fieldsOf = (value: object): readonly (readonly [key: string, value: unknown])[] => {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return fields.map(([key, field]) => [nameOf(key), field] as const);
};

/** A literal's `__proto__` is no field of it. */
const nameOf = (key: string): string => {
  if (key === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
};

/** With the kind of quotes that needs fewer escapes. */
export function quoted(text: string): string {
  const json = JSON.stringify(text);
  const inside = json.slice(1, -1).replaceAll('\\"', '"');
  const isDouble = inside.split("'").length > inside.split('"').length;
  return isDouble ? json : `'${inside.replaceAll("'", "\\'")}'`;
}
