import { VOCABULARY } from '../../machines/index.js';
import type { EventMeaning, Told } from '../../machines/index.js';
import { STANDING } from '../trace/index.js';
import type { TraceRecord } from '../trace/index.js';

interface Words {
  readonly events: Readonly<Record<string, string | EventMeaning>>;
  readonly inner?: Readonly<Record<string, Told>>;
  readonly doing?: Readonly<Record<string, string>>;
}
const WORDS: Readonly<Record<string, Words>> = VOCABULARY;

/** One plain sentence of what happened, without its end. */
export function sentenceOf(record: TraceRecord): string {
  const { machine, event, data } = record;
  if (event === STANDING)
    return 'it stood here when the file was begun: what came before is not kept, or could not be written';
  const words = WORDS[machine];
  const meaning = words?.events[event];
  const told = typeof meaning === 'object' ? meaning.told : words?.inner?.[event];
  return told?.(data, record) ?? ofItsOwn(event, words) ?? `it got ${event}`;
}

/** What XState delivers by itself: the end of an effect, a timer. */
function ofItsOwn(event: string, words: Words | undefined): string | null {
  const [, how, effect = ''] = /^xstate\.(done|error)\.actor\.(.*)$/.exec(event) ?? [];
  const doing = words?.doing?.[effect] ?? effect;
  if (how === 'done') return `${doing} succeeded`;
  if (how === 'error') return `${doing} failed`;
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(event) ?? [];
  return delay === undefined ? null : `its ${spaced(delay)} was over`;
}

const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
