import { hasTag } from '../../machines/index.js';
import type { Tag } from '../../machines/index.js';
import { checkedBlocks, visitLines } from '../trace/index.js';
import type { BlockChoice, OnShare, TraceHeader, TraceKind, TraceRecord, TraceStanding } from '../trace/index.js';

/**
 * Calls and heartbeats of a release that change nothing but which call runs, by machine: the events, the tag of the
 * states they happen in, and the one of these in which nothing is under way.
 */
export const DAILY: Readonly<Record<string, DailyStates>> = {
  package: { events: /^call\.(requested|settled)$/, states: 'serving', idle: 'Running' },
  process: {
    events: /^(call\.(dispatched|answered)|resources\.sampled|pong\.received|heartbeat\.due)$/,
    states: 'ordinary',
    idle: 'Running',
  },
  heartbeat: { events: /^(?!xstate\.(init|stop)$)/, states: 'answering', idle: 'Resting' },
};

interface DailyStates {
  readonly events: RegExp;
  readonly states: Tag;
  readonly idle: string;
}

/** Records of a release kept before anything unusual, so that its cause is among them. */
const KEPT_BEFORE = 64;

/** A release with its processes and their heartbeats; of any other actor every record is kept. */
const familyOf = (actor: string): string | null => /^package\/[^/]+/.exec(actor)?.[0] ?? null;

type Stretch = [first: number, last: number];
type Stretches = readonly (readonly [first: number, last: number])[];

interface Kind {
  readonly family: Family;
  readonly actor: string;
  readonly isDaily: boolean;
  /** Whether something is under way in the actor afterwards. */
  readonly isBusyAfter: boolean;
}

/**
 * The stretches of one release's records that are kept.
 *
 * INVARIANTS
 * - Only daily work lies between two of them, beginning and ending while nothing is under way in the release: stepping
 *   over what is kept finds every machine in the state it was left in.
 */
class Family {
  /** Up to where nothing is under way for the first time, and from there on. */
  readonly stretches: Stretch[] = [[1, Infinity]];
  readonly #busy = new Set<string>();
  #records = 0;
  /** Where nothing was under way: the last such place, and one so far back that enough lies between. */
  #idle = { afterSeq: 0, records: 0 };
  #start = { afterSeq: 0, records: 0 };

  stand(actor: string, isBusy: boolean): void {
    if (isBusy) this.#busy.add(actor);
    else this.#busy.delete(actor);
  }

  take({ actor, isDaily, isBusyAfter }: Kind, seq: number): void {
    this.#records += 1;
    this.stand(actor, isBusyAfter);
    if (!isDaily) this.keep(Infinity);
    if (this.#busy.size > 0) return;
    const open = this.stretches.at(-1);
    if (open?.[1] === Infinity) open[1] = seq;
    if (this.#records - this.#idle.records < KEPT_BEFORE) return;
    this.#start = this.#idle;
    this.#idle = { afterSeq: seq, records: this.#records };
  }

  /** From where enough lies before the present record up to where nothing is under way again. */
  keep(last: number): void {
    extend(this.stretches, this.#start.afterSeq + 1, last, 1);
  }
}

/**
 * The records of a file that have to be stepped to explain every actor's state: all but unrelated daily work. Records are
 * looked at without being parsed.
 *
 * @throws RunnerError as readTrace
 */
export async function withoutDailyWork(file: string, onShare?: OnShare): Promise<BlockChoice> {
  const families = new Map<string, Family>();
  const kinds: Kind[] = [];
  const others: Stretch[] = [];
  const familyNamed = (name: string): Family =>
    families.get(name) ?? (families.set(name, new Family()).get(name) as Family);
  let seq = 0;
  for await (const { text } of checkedBlocks(file, onShare))
    visitLines(text, {
      record(_us, number) {
        seq += 1;
        const kind = kinds[number];
        if (kind === undefined) extend(others, seq, seq, KEPT_BEFORE);
        else kind.family.take(kind, seq);
      },
      other(line) {
        const fields = parsed(line);
        const { k, a, m, s, state, first_seq: first } = fields;
        if (first !== undefined) seq = first - 1;
        const family = familyOf(a ?? s ?? '');
        const daily = DAILY[m ?? ''];
        if (family === null || daily === undefined) return;
        const own = familyNamed(family);
        if (s !== undefined) own.stand(s, state !== daily.idle);
        if (k !== undefined) kinds[k] = kindOf(fields, own, daily);
      },
    });
  // The question is where actors stand at the end, so records that a Runner still writes are kept.
  for (const family of families.values()) family.keep(Infinity);
  extend(others, seq + 1, Infinity, 1);
  return choiceOf(new Map([...families].map(([name, { stretches }]) => [name, stretches])), others);
}

/** Fields of any line but a record. */
type Line = Partial<Omit<TraceKind, 'd'> & Pick<TraceStanding, 's' | 'state'> & Pick<TraceHeader, 'first_seq'>>;

/** The reader of the block reports what is wrong with it. */
function parsed(line: string): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return {};
  }
}

function kindOf({ a = '', e = '', b = null, f = '', m = '' }: Line, family: Family, daily: DailyStates): Kind {
  const isDaily = b !== null && daily.events.test(e) && hasTag(m, b, daily.states) && hasTag(m, f, daily.states);
  return { family, actor: a, isDaily, isBusyAfter: e !== 'xstate.stop' && f !== daily.idle };
}

function extend(stretches: Stretch[], first: number, last: number, most: number): void {
  const open = stretches.at(-1);
  if (open !== undefined && first <= open[1] + most) open[1] = Math.max(open[1], last);
  else stretches.push([first, last]);
}

function choiceOf(families: ReadonlyMap<string, Stretches>, others: Stretches): BlockChoice {
  const cursors = new Map([...families].map(([name, stretches]) => [name, new StretchCursor(stretches)]));
  const all = [...families.values(), others].map((stretches) => new StretchCursor(stretches));
  const known = new Map<string, StretchCursor | null>();
  const cursorOf = (actor: string): StretchCursor | null => {
    let cursor = known.get(actor);
    if (cursor === undefined) known.set(actor, (cursor = cursors.get(familyOf(actor) ?? '') ?? null));
    return cursor;
  };
  return {
    isWanted: (firstSeq, lastSeq) => all.some((cursor) => cursor.touches(firstSeq, lastSeq)),
    has: ({ actor, seq }: TraceRecord) => cursorOf(actor)?.touches(seq, seq) ?? true,
  };
}

/** To be asked in order: it does not go back. */
class StretchCursor {
  #at = 0;

  constructor(private readonly stretches: Stretches) {}

  touches(first: number, last: number): boolean {
    for (;;) {
      const stretch = this.stretches[this.#at];
      if (stretch === undefined) return false;
      if (stretch[1] >= first) return stretch[0] <= last;
      this.#at += 1;
    }
  }
}
