import type { OsCommand, Seen } from '../../../machines/index.js';
import type { Actors, KnownStep } from './actors.js';
import { Interner, PairTable } from './interning.js';
import type { Place } from './system-state.js';

/** What a situation shows to invariants. */
export interface Shown {
  readonly state: string;
  readonly context: never;
}

/** What can be seen of a step, by number: the same observation of the same place has the same number. */
export class Observations {
  readonly #all = new Interner<Seen>();
  readonly #actors: Actors;
  /** By place and step; by place and event. */
  readonly #steps = new PairTable();
  readonly #emissions = new PairTable();
  readonly #commands = new PairTable();
  readonly #shown: Shown[] = [];

  constructor(actors: Actors) {
    this.#actors = actors;
  }

  of(number: number): Seen {
    return this.#all.of(number);
  }

  /** @param before situation before the step; negative: the actor begins */
  step({ number, path }: Place, step: KnownStep, event: number, before: number): number {
    const known = this.#steps.get(number, step.number);
    if (known >= 0) return known;
    const made = this.#all.id(`d ${number} ${before} ${event}`, () => {
      const { machine } = this.#actors.situations.of(step.next);
      return {
        ...{ what: 'delivered', machine, actor: path, event: this.#actors.events.of(event) },
        ...{ before: before < 0 ? null : this.shown(before), after: this.shown(step.next) },
      } as unknown as Seen;
    });
    this.#steps.set(number, step.number, made);
    return made;
  }

  emission({ number, path }: Place, machine: string, event: number): number {
    const known = this.#emissions.get(number, event);
    if (known >= 0) return known;
    const seen = { what: 'emitted', machine, actor: path, event: this.#actors.events.of(event) };
    const made = this.#all.id(`e ${number} ${event}`, () => seen as unknown as Seen);
    this.#emissions.set(number, event, made);
    return made;
  }

  command({ number, parent }: Place, event: number): number {
    const known = this.#commands.get(number, event);
    if (known >= 0) return known;
    const command = this.#actors.events.of(event) as OsCommand;
    const made = this.#all.id(`c ${number} ${event}`, () => ({ what: 'asked', actor: parent?.path ?? '', command }));
    this.#commands.set(number, event, made);
    return made;
  }

  end({ number, path }: Place, left: readonly string[]): number {
    return this.#all.id(`x ${number} ${left.join()}`, () => ({ what: 'ended', actor: path, left }));
  }

  /** The same object for the same situation. */
  shown(situation: number): Shown {
    const known = this.#shown[situation];
    if (known !== undefined) return known;
    const { state, snapshot } = this.#actors.situations.of(situation);
    return (this.#shown[situation] = { state, context: snapshot.context as never });
  }
}
