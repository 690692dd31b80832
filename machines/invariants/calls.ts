import type { PackageEmitted } from '../package.events.js';
import type { Invariant } from './invariant.js';
import type { Delivered, Seen } from './view.js';

/** One accepted call: what it may still do and where it is. */
interface Entry {
  /** Attempts it may have in all. */
  readonly attemptsMax: number;
  readonly attempts: number;
  /** The process it runs in. */
  readonly runsIn: string | null;
  /** It has its outcome; only its process has not let go of it yet. */
  readonly settled: boolean;
}
/** By call id. */
type Ledger = Readonly<Record<number, Entry>>;

export const calls: Invariant<Ledger> = {
  number: 5,
  sentence:
    'Every accepted call has exactly one outcome; it was dispatched at most once more than its retry budget allowed, never to two processes at a time.',
  start: {},
  watch(ledger, happened) {
    const book = new Book(ledger);
    for (const seen of happened) book.note(seen);
    return { memory: book.entries, wrong: book.wrong, met: book.settled > 0 };
  },
  atRest: (ledger) =>
    Object.entries(ledger).map(([id, { settled }]) =>
      settled ? `call ${id} was given up and never freed` : `call ${id} was accepted and has no outcome`,
    ),
};

class Book {
  entries: Ledger;
  readonly wrong: string[] = [];
  settled = 0;

  constructor(ledger: Ledger) {
    this.entries = ledger;
  }

  note(seen: Seen): void {
    if (seen.what === 'emitted' && seen.machine === 'package') this.#hear(seen.event);
    if (seen.what !== 'delivered') return;
    if (seen.machine === 'package' && seen.event.type === 'call.requested') {
      const { callId, retries = seen.after.context.policy.retries } = seen.event;
      this.#put(callId, { attemptsMax: 1 + retries, attempts: 0, runsIn: null, settled: false });
    }
    if (seen.machine === 'process') this.#follow(seen);
  }

  /** In and out of a process. */
  #follow({ actor, event, before, after }: Delivered<'process'>): void {
    const [ran, runs] = [before?.state.startsWith('Executing') ?? false, after.state.startsWith('Executing')];
    if (ran && !runs)
      for (const [id, entry] of Object.entries(this.entries))
        if (entry.runsIn === actor) this.#put(Number(id), { ...entry, runsIn: null });
    if (ran || !runs || event.type !== 'call.dispatched') return;
    const { callId } = event;
    const entry = this.entries[callId];
    if (entry === undefined) return this.#blame(callId, 'dispatched, but not accepted or settled already');
    const { attempts, attemptsMax, runsIn, settled } = entry;
    if (settled) this.#blame(callId, 'dispatched, but settled already');
    if (runsIn !== null) this.#blame(callId, `sent to ${actor} while it runs in ${runsIn}`);
    if (attempts + 1 > attemptsMax) this.#blame(callId, `dispatched ${attempts + 1} times, ${attemptsMax} are allowed`);
    this.#put(callId, { ...entry, attempts: attempts + 1, runsIn: actor });
  }

  #hear(event: PackageEmitted): void {
    switch (event.type) {
      case 'call.refused':
        return this.#refused(event.callId);
      case 'call.retried':
        if (this.entries[event.callId]?.settled !== false)
          this.#blame(event.callId, 'tried again, but settled already');
        return;
      case 'call.settled':
        return this.#settled(event.callId);
      case 'call.freed':
        return this.#freed(event.callId);
      case 'operation.refused':
        return;
    }
  }

  #refused(callId: number): void {
    const entry = this.entries[callId];
    if (entry === undefined) this.#blame(callId, 'refused, but never asked for or settled already');
    else if (entry.attempts > 0) this.#blame(callId, 'refused after it was dispatched');
    this.#drop(callId);
  }

  #settled(callId: number): void {
    const entry = this.entries[callId];
    this.settled += 1;
    if (entry === undefined || entry.settled) return this.#blame(callId, 'settled twice, or never accepted');
    if (entry.runsIn === null) return this.#drop(callId);
    this.#put(callId, { ...entry, settled: true });
  }

  #freed(callId: number): void {
    const entry = this.entries[callId];
    if (entry?.settled !== true || entry.runsIn !== null) this.#blame(callId, 'freed, but not given up while it ran');
    this.#drop(callId);
  }

  #put(callId: number, entry: Entry): void {
    this.entries = { ...this.entries, [callId]: entry };
  }

  #drop(callId: number): void {
    const { [callId]: _gone, ...entries } = this.entries;
    this.entries = entries;
  }

  #blame(callId: number, what: string): void {
    this.wrong.push(`call ${callId}: ${what}`);
  }
}
