import { randomBytes } from 'node:crypto';
import pc from 'picocolors';
import { visibleText } from '../base/errors/index.js';
import type { Stream, Terminal } from './terminal.js';

const NAMES = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const;
type ColorName = (typeof NAMES)[number];
export type Colors = Readonly<Record<ColorName, (text: string) => string>>;

const colorsWith = (paint: (name: ColorName) => (text: string) => string): Colors =>
  Object.fromEntries(NAMES.map((name) => [name, paint(name)])) as Colors;

/**
 * Colours of one stream: on a terminal unless NO_COLOR or --no-color says otherwise, elsewhere only with FORCE_COLOR.
 * picocolors by itself looks at standard output alone, and standard error may well be another thing.
 *
 * INVARIANTS
 * - What is coloured bears marks that nobody else can write, which `printable` turns into colours: a text that holds
 *   terminal escapes of its own is not painted by them.
 */
export function colorsFor(stream: Stream, env: Terminal['env'], wanted: boolean): Colors {
  return isColored(stream, env, wanted) ? MARKING : PLAIN;
}

function isColored(stream: Stream, env: Terminal['env'], wanted: boolean): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = env;
  if (!wanted || NO_COLOR !== '') return false;
  return (FORCE_COLOR !== '' && FORCE_COLOR !== '0') || (stream.isTTY === true && TERM !== 'dumb');
}

const PAINTED = pc.createColors(true);
const MARK = randomBytes(16).toString('hex');
const SEQUENCE = /\u001b(\[[0-9;]*m)/g;
const MARKED = new RegExp(`${MARK}(\\[[0-9;]*m)`, 'g');

/** The colours of picocolors with the mark in place of the escape that begins them. */
const marking =
  (paint: (text: string) => string) =>
  (text: string): string =>
    paint(visibleText(text)).replace(SEQUENCE, `${MARK}$1`);
const MARKING = colorsWith((name) => marking(PAINTED[name]));
const PLAIN = colorsWith(() => String);

/** Of one line; beyond, it is cut: nobody reads on, and a terminal would be full of it. */
export const LINE_CHARACTERS_MAX = 8_000;

/**
 * A line as it may go to a terminal: only colours of ours are obeyed there, everything else is seen.
 *
 * @param charactersMax of what is seen; what is beyond is left out with a note
 */
export function printable(line: string, charactersMax: number = LINE_CHARACTERS_MAX): string {
  if (line.length <= charactersMax) return visibleText(line).replace(MARKED, '\u001b$1');
  const parts = line.split(MARKED);
  const seen = parts.reduce((sum, part, i) => (i % 2 === 0 ? sum + part.length : sum), 0);
  let room = charactersMax;
  const kept = parts.map((part, i) => {
    if (i % 2 === 1) return `\u001b${part}`;
    const text = visibleText(part.slice(0, room));
    room -= Math.min(room, part.length);
    return text;
  });
  return `${kept.join('')}${seen > charactersMax ? `… (${seen} characters)` : ''}`;
}
