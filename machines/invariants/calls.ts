import type { PackageEmitted } from '../package.events.js';
import { hasTag } from '../state-tags.js';
import type { Invariant } from './invariant.js';
import { isDelivered } from './view.js';
import type { Delivered, Seen } from './view.js';

/** One accepted call: what it may still do and where it is. */
interface Entry {
  /** Attempts it may have in all. */
  readonly attemptsMax: number;
  readonly attempts: number;
  /** The process that may still be at work on it: until that answers or has ended. */
  readonly isWith: string | null;
  readonly settled: boolean;
  /** Its caller or its deadline gave it up while it ran: it will be freed. */
  readonly givenUp: boolean;
}
/** By call id. */
type Ledger = Readonly<Record<number, Entry>>;

export const calls: Invariant<Ledger> = {
  number: 5,
  sentence:
    'Every accepted call has exactly one outcome; it was dispatched at most once more than its retry budget allowed, never to two processes at a time.',
  start: {},
  hears: (seen) =>
    (seen.what === 'emitted' && seen.machine === 'package') ||
    isDelivered(seen, 'package', ['call.requested', 'call.cancelled', 'call.expired']) ||
    isDelivered(seen, 'process', ['call.answered', 'call.dispatched']) ||
    (seen.what === 'delivered' && seen.machine === 'process' && hasTag('process', seen.after.state, 'ended')),
  watch(ledger, happened) {
    const book = new Book(ledger);
    for (const seen of happened) book.note(seen);
    return { memory: book.entries, wrong: book.wrong, met: book.settled > 0 };
  },
  atRest: (ledger) =>
    Object.entries(ledger).map(([id, { settled }]) =>
      settled ? `call ${id} has its outcome, but nobody let go of it` : `call ${id} was accepted and has no outcome`,
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
    if (seen.machine === 'process') this.#follow(seen);
    if (seen.machine === 'package') this.#accept(seen);
  }

  #accept({ event, after: { context } }: Delivered<'package'>): void {
    if (event.type === 'call.requested') {
      const { callId, retries = context.policy.retries } = event;
      const fresh = { attempts: 0, isWith: null, settled: false, givenUp: false };
      return this.#put(callId, { attemptsMax: 1 + retries, ...fresh });
    }
    if (event.type !== 'call.cancelled' && event.type !== 'call.expired') return;
    const entry = this.entries[event.callId];
    const givenUp = context.slots.some(({ call, abandoned }) => abandoned && call?.callId === event.callId);
    if (entry !== undefined && givenUp) this.#put(event.callId, { ...entry, givenUp });
  }

  /** In and out of a process. */
  #follow({ actor, event, before, after }: Delivered<'process'>): void {
    if (event.type === 'call.answered') this.#leave(actor, event.callId);
    if (hasTag('process', after.state, 'ended'))
      for (const id of Object.keys(this.entries)) this.#leave(actor, Number(id));
    if (event.type === 'call.dispatched' && before?.state === 'Running') this.#dispatch(actor, event.callId);
  }

  #dispatch(actor: string, callId: number): void {
    const entry = this.entries[callId];
    if (entry === undefined) return this.#blame(callId, 'dispatched, but not accepted or settled already');
    const { attempts, attemptsMax, isWith, settled } = entry;
    if (settled) this.#blame(callId, 'dispatched, but settled already');
    if (isWith !== null) this.#blame(callId, `sent to ${actor} while it is with ${isWith}`);
    if (attempts + 1 > attemptsMax) this.#blame(callId, `dispatched ${attempts + 1} times, ${attemptsMax} are allowed`);
    this.#put(callId, { ...entry, attempts: attempts + 1, isWith: actor });
  }

  #leave(actor: string, callId: number): void {
    const entry = this.entries[callId];
    if (entry?.isWith !== actor) return;
    if (entry.settled && !entry.givenUp) return this.#drop(callId);
    this.#put(callId, { ...entry, isWith: null });
  }

  #hear(event: PackageEmitted): void {
    switch (event.type) {
      case 'call.refused':
        return this.#refused(event.callId);
      case 'call.retried':
        return this.#retried(event.callId);
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

  #retried(callId: number): void {
    const entry = this.entries[callId];
    if (entry === undefined || entry.settled) return this.#blame(callId, 'tried again, but settled already');
    if (entry.attempts >= entry.attemptsMax) this.#blame(callId, 'tried again, beyond its budget');
  }

  #settled(callId: number): void {
    const entry = this.entries[callId];
    this.settled += 1;
    if (entry === undefined || entry.settled) return this.#blame(callId, 'settled twice, or never accepted');
    if (entry.isWith === null && !entry.givenUp) return this.#drop(callId);
    this.#put(callId, { ...entry, settled: true });
  }

  #freed(callId: number): void {
    const entry = this.entries[callId];
    if (entry?.settled !== true || !entry.givenUp) this.#blame(callId, 'freed, but not given up while it ran');
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
