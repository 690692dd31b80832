import pc from 'picocolors';
import type { Stream, Terminal } from './terminal.js';

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours of one stream: on a terminal unless NO_COLOR or --no-color says otherwise, elsewhere only with FORCE_COLOR.
 * picocolors by itself looks at standard output alone, and standard error may well be another thing.
 */
export function colorsFor(stream: Stream, env: Terminal['env'], wanted: boolean): Colors {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = env;
  if (!wanted || NO_COLOR !== '') return pc.createColors(false);
  const forced = FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return pc.createColors(forced || (stream.isTTY === true && TERM !== 'dumb'));
}
