import { nameInView } from '../../../machines/index.js';
import type { OsCommand, Seen, SystemView } from '../../../machines/index.js';
import type { Desk } from './scenario.js';
import type { World } from './actor-system.js';
import { Interner, PairTable, Sequences } from './interning.js';
import { PARTS } from './invariant-checks.js';
import type { Actors, KnownStep } from './actors.js';
import type { Place } from './system-state.js';

/** The living actors as invariants see them, whatever state the world is in. */
export function viewOf(world: World, desk: () => Desk): SystemView {
  const all = (machine: string) => {
    const { places, machineAt, content } = world;
    const found = places.all.filter(
      ({ kind, number }) => kind === 'machine' && machineAt[number] === machine && content[number] !== 0,
    );
    return new Map(
      found.map(({ path, number }) => [nameInView(machine, path), world.sights.shown((content[number] ?? 0) - 1)]),
    );
  };
  return {
    nowMs: 0,
    lateMs: 0,
    isTimeless: true,
    get runner() {
      return world.sights.shown((world.content[world.root.number] ?? 0) - 1);
    },
    get packages() {
      return all('package');
    },
    get routes() {
      return all('route');
    },
    get changeovers() {
      return all('changeover');
    },
    get processes() {
      return all('process');
    },
    get files() {
      return new Map(Object.entries(desk().files));
    },
  };
}

/** Which part of the view a machine's actors are, as PARTS counts them. */
const PART_OF: Readonly<Record<string, number>> = { package: 1, route: 2, changeover: 3, process: 4 };
const RUNNER = PARTS.indexOf('runner');
const FILES = PARTS.indexOf('files');
/** Of these actors everything can be seen, one after the other. */
const PARTS_OF_ACTORS = [...new Set(Object.values(PART_OF))];

/** A place whose actors can be seen. */
interface Seat {
  readonly number: number;
  readonly part: number;
}

/**
 * The parts of the view by number, as they are now.
 *
 * INVARIANTS
 * - A part with the same number shows the same.
 * - Only what differs from the view that was kept last is worked out anew.
 */
export class Outlook {
  readonly numbers = new Int32Array(PARTS.length);
  /** Parts that are not as they were kept, a bit each. */
  changed = 0;
  readonly #world: World;
  readonly #view: SystemView;
  readonly #filesNumber: () => number;
  readonly #sequences = PARTS.map(() => new Sequences());
  readonly #runnerStates = new Interner<null>();
  #seats: readonly Seat[] = [];
  #places = 0;
  readonly #kept = new Int32Array(PARTS.length).fill(-1);
  #keptContent = new Int32Array(0);

  constructor(world: World, view: SystemView, filesNumber: () => number) {
    this.#world = world;
    this.#view = view;
    this.#filesNumber = filesNumber;
  }

  look(): void {
    const { content } = this.#world;
    if (this.#world.places.all.length !== this.#places) this.#seat();
    let moved = 0;
    for (const { number, part } of this.#seats) if (content[number] !== this.#keptContent[number]) moved |= 1 << part;
    for (const part of PARTS_OF_ACTORS)
      this.numbers[part] = (moved & (1 << part)) === 0 ? (this.#kept[part] ?? 0) : this.#numberOf(part);
    // Of the Runner only its state can be seen.
    this.numbers[RUNNER] = this.#runnerStates.id(this.#view.runner.state, () => null);
    this.numbers[FILES] = this.#filesNumber();
    this.changed = 0;
    for (let i = 0; i < PARTS.length; i++) if (this.numbers[i] !== this.#kept[i]) this.changed |= 1 << i;
  }

  /** What comes is compared with what is seen now. */
  keep(): void {
    this.look();
    this.#kept.set(this.numbers);
    for (const { number } of this.#seats) this.#keptContent[number] = this.#world.content[number] ?? 0;
    this.changed = 0;
  }

  #numberOf(part: number): number {
    const sequences = this.#sequences[part] as Sequences;
    let at = 0;
    for (const seat of this.#seats)
      if (seat.part === part) at = sequences.then(at, this.#world.content[seat.number] ?? 0);
    return at;
  }

  /** A place is seldom new; what was kept counts no longer then. */
  #seat(): void {
    const { places, machineAt } = this.#world;
    this.#places = places.all.length;
    this.#seats = places.all.flatMap(({ number, kind }): readonly Seat[] => {
      const part = kind === 'machine' ? PART_OF[machineAt[number] ?? ''] : undefined;
      return part === undefined ? [] : [{ number, part }];
    });
    this.#keptContent = new Int32Array(this.#places).fill(-1);
  }
}

/** What a situation shows to invariants. */
export interface Shown {
  readonly state: string;
  readonly context: never;
}

/** What can be seen of a step, by number: the same sight of the same place has the same number. */
export class Sights {
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
