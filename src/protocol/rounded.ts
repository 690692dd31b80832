import type { Message } from './frame.js';
import { endOfText } from './member-text.js';

/**
 * Integers of an answer that a number of JavaScript does not hold: JSON.parse has rounded them without a word, and a
 * result has to arrive as it was given or not at all (contract §6). Our own adapter refuses them where they are made.
 */
export interface Rounded {
  /** From the whole message on. */
  readonly path: readonly (string | number)[];
  /** As it stands in the frame. */
  readonly text: string;
}

/** Perhaps one: nearly no frame has one, and looking costs next to nothing. */
const LONG_INTEGER = /[:,[]\s*-?\d{16}/;
const INTEGER = /^-?\d{16,}$/;
/** More digits than the largest number has, and not to be worked out. */
const DIGITS_MAX = 310;
const FOUND_MAX = 1_000;
/** The session's state travels as the text it is. */
const UNREAD = 'session_state';

/** @param body of a frame, valid JSON, an object */
export function roundedIn(body: Buffer): readonly Rounded[] {
  return LONG_INTEGER.test(body.toString('latin1')) ? scan(body) : [];
}

function scan(body: Buffer): readonly Rounded[] {
  const found: Rounded[] = [];
  const path: (string | number)[] = [];
  let key = '';
  for (let at = 0; at < body.length && found.length < FOUND_MAX; at++) {
    const character = String.fromCharCode(body[at] ?? 0);
    switch (character) {
      case '"': {
        const end = endOfText(body, at);
        key = body.toString('utf8', at, end + 1);
        at = end;
        break;
      }
      case '{':
        path.push('');
        break;
      case '[':
        path.push(0);
        break;
      case '}':
      case ']':
        path.pop();
        break;
      case ':':
        path[path.length - 1] = JSON.parse(key) as string;
        break;
      case ',': {
        const place = path.at(-1);
        if (typeof place === 'number') path[path.length - 1] = place + 1;
        break;
      }
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        break;
      default: {
        const end = endOfWord(body, at);
        const text = body.toString('latin1', at, end);
        if (path[0] !== UNREAD && isRounded(text)) found.push({ path: [...path], text });
        at = end - 1;
      }
    }
  }
  return found;
}

/** Of a number, or of one of the three names. */
function endOfWord(body: Buffer, from: number): number {
  let at = from + 1;
  while (at < body.length && /[-+.\w]/.test(String.fromCharCode(body[at] ?? 0))) at += 1;
  return at;
}

const isRounded = (text: string): boolean =>
  INTEGER.test(text) && (text.length > DIGITS_MAX || !isExact(text, Number(text)));

const isExact = (text: string, value: number): boolean => Number.isFinite(value) && BigInt(text) === BigInt(value);

/** A diagnostic never costs a verdict; the rest of an answer is refused. */
export const isDiagnostic = ({ path }: Rounded): boolean => path[0] === 'data' && path[1] === 'debug';

export const roundedWords = ({ path, text }: Rounded): string =>
  `${path.join('.')} is ${text.slice(0, DIGITS_MAX)}, an integer beyond 2^53, which would arrive rounded; give it as a text or a float`;

/** Each becomes the text it was: in diagnostics, and in what is quoted of an answer that is refused. */
export function keepDigits(message: Message, rounded: readonly Rounded[]): void {
  for (const { path, text } of rounded) {
    let holder: unknown = message;
    for (const key of path.slice(0, -1)) holder = isNested(holder) ? holder[key] : undefined;
    const last = path.at(-1) ?? '';
    // Of members of one name the last one counts, which may be no number.
    if (isNested(holder) && typeof holder[last] === 'number') holder[last] = text;
  }
}

const isNested = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;
