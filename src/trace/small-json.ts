/**
 * Small JSON values written straight into a buffer: on the hot path a string per value is most of what a record costs.
 */
export const OPEN = 0x5b;
export const CLOSE = 0x5d;
export const COMMA = 0x2c;
export const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;

const TEXT_MAX = 64;
/** Most bytes a value takes here: a quoted text, or the digits of a whole number. */
export const SMALL_VALUE_BYTES_MAX = TEXT_MAX + 2;

/** Writes a whole number, not negative. @returns where the next byte goes */
export function putNumber(buffer: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    const next = Math.floor(rest / 10);
    buffer[i] = ZERO + rest - next * 10;
    rest = next;
  }
  return at + digits;
}

/** Writes a whole number or a short plain ASCII text. @returns where the next byte goes, or -1 for any other value */
export function putSmall(buffer: Uint8Array, at: number, value: unknown): number {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? putNumber(buffer, at, value) : -1;
  if (typeof value !== 'string' || value.length > TEXT_MAX) return -1;
  buffer[at] = QUOTE;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return -1;
    buffer[at + 1 + i] = code;
  }
  buffer[at + 1 + value.length] = QUOTE;
  return at + 2 + value.length;
}
