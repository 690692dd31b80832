/**
 * JSON text where plain JavaScript would lose what a number was. Python tells 2 from 2.0, and -0.0 from 0.
 *
 * INVARIANT: what is written here is read back by JSON.parse as the value it was written from.
 */

/** A number that is a float wherever it is read: `2.0`, `-0.0`, `1e+21`. */
export function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Plain JSON as a text; only what JSON.stringify would change is written otherwise. */
export function exactJson(value: unknown): string {
  if (Object.is(value, -0)) return '-0.0';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => exactJson(item ?? null)).join(',')}]`;
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${exactJson(item)}`).join(',')}}`;
}

/**
 * An integer that a number of JavaScript does not hold exactly, and writes without an exponent: its last digits are
 * chance.
 */
export const isRounded = (value: number): boolean =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
