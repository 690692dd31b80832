import { isFailure } from './query/index.js';
import type { TraceKind, TraceRecord } from './schema.js';

/** What a record of this kind may tell. */
interface Telling {
  readonly isAct: boolean;
  readonly isCall: boolean;
  /** Whether each one fails, none does, or that is in what it carries. */
  readonly fails: 'always' | 'never' | 'outcome' | 'data';
  readonly kind: Pick<TraceKind, 'e' | 'b'>;
}

/**
 * What a run holds, counted while it is recorded: how many calls and failures are in a file, and whether anything was done
 * at all.
 */
export class RunCounts {
  /** Something was done in the run beside reading the store: a process was begun, an effect came to its end, a call. */
  isEventful = false;
  readonly #kinds: Telling[] = [];
  #calls = 0;
  #failures = 0;

  get ofFile(): { calls: number; failures: number } {
    return { calls: this.#calls, failures: this.#failures };
  }

  beginFile(): void {
    this.#calls = 0;
    this.#failures = 0;
  }

  /** In the order of their numbers. */
  kind(kind: Omit<TraceKind, 'k'>): void {
    const { m, e, d } = kind;
    const isCall = m === 'package' && e === 'call.requested';
    this.#kinds.push({
      isAct: isCall || m === 'process' || /^xstate\.(done|error)\.actor\.(?!recoverStore$)/.test(e),
      isCall,
      fails: failsBy(e, d),
      kind,
    });
  }

  /** A record of numbers and short texts: no fault is among them. */
  small(number: number, outcome: unknown): void {
    const telling = this.#note(number);
    if (telling?.fails === 'always' || (telling?.fails === 'outcome' && BAD_OUTCOMES.has(outcome))) this.#failures += 1;
  }

  large(number: number, data: () => TraceRecord['data']): void {
    const telling = this.#note(number);
    if (telling === undefined || telling.fails === 'never') return;
    const { e: event, b: before } = telling.kind;
    if (telling.fails === 'always' || isFailure({ event, before, data: data() })) this.#failures += 1;
  }

  #note(number: number): Telling | undefined {
    const telling = this.#kinds[number];
    if (telling?.isAct === true) this.isEventful = true;
    if (telling?.isCall === true) this.#calls += 1;
    return telling;
  }
}

const BAD_OUTCOMES: ReadonlySet<unknown> = new Set(['error', 'timed_out', 'lost']);
const FAULTS: ReadonlySet<string> = new Set(['fault', 'error', 'reason', 'failure', 'refusal']);

function failsBy(event: string, fields: readonly string[]): Telling['fails'] {
  if (event === 'xstate.init') return 'never';
  if (event.startsWith('xstate.error.') || fields.includes('thrown')) return 'always';
  if (fields.some((field) => FAULTS.has(field))) return 'data';
  return fields.includes('outcome') ? 'outcome' : 'never';
}
