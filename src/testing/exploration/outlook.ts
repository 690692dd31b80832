import type { SystemView } from '../../../machines/index.js';
import { Interner } from './interner.js';
import { PARTS } from './judge.js';
import { Sequences } from './sequences.js';
import type { World } from './world.js';

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
