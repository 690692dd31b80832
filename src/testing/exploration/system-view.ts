import { nameInView } from '../../../machines/index.js';
import type { SystemView } from '../../../machines/index.js';
import type { Environment } from './scenario.js';
import type { ActorSystem } from './actor-system.js';
import { Interner, Sequences } from './interning.js';

/** Parts of a view, each a bit; a part with the same key shows the same. */
export const PARTS = ['runner', 'packages', 'routes', 'changeovers', 'processes', 'files'] as const;
export type Part = (typeof PARTS)[number];

/** The living actors as invariants see them, whatever state the world is in. */
export function viewOf(actorSystem: ActorSystem, environment: () => Environment): SystemView {
  const all = (machine: string) => {
    const { places, machineAt, content } = actorSystem;
    const found = places.all.filter(
      ({ kind, number }) => kind === 'machine' && machineAt[number] === machine && content[number] !== 0,
    );
    return new Map(
      found.map(({ path, number }) => [
        nameInView(machine, path),
        actorSystem.observations.shown((content[number] ?? 0) - 1),
      ]),
    );
  };
  return {
    nowMs: 0,
    lateMs: 0,
    isTimeless: true,
    get runner() {
      return actorSystem.observations.shown((actorSystem.content[actorSystem.root.number] ?? 0) - 1);
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
      return new Map(Object.entries(environment().files));
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
interface VisiblePlace {
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
export class ViewParts {
  readonly numbers = new Int32Array(PARTS.length);
  /** Parts that are not as they were kept, a bit each. */
  changed = 0;
  readonly #actorSystem: ActorSystem;
  readonly #view: SystemView;
  readonly #filesNumber: () => number;
  readonly #sequences = PARTS.map(() => new Sequences());
  readonly #runnerStates = new Interner<null>();
  #visible: readonly VisiblePlace[] = [];
  #placesKnown = 0;
  readonly #kept = new Int32Array(PARTS.length).fill(-1);
  #keptContent = new Int32Array(0);

  constructor(actorSystem: ActorSystem, view: SystemView, filesNumber: () => number) {
    this.#actorSystem = actorSystem;
    this.#view = view;
    this.#filesNumber = filesNumber;
  }

  look(): void {
    const { content } = this.#actorSystem;
    if (this.#actorSystem.places.all.length !== this.#placesKnown) this.#findVisible();
    let moved = 0;
    for (const { number, part } of this.#visible) if (content[number] !== this.#keptContent[number]) moved |= 1 << part;
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
    for (const { number } of this.#visible) this.#keptContent[number] = this.#actorSystem.content[number] ?? 0;
    this.changed = 0;
  }

  #numberOf(part: number): number {
    const sequences = this.#sequences[part] as Sequences;
    let at = 0;
    for (const place of this.#visible)
      if (place.part === part) at = sequences.then(at, this.#actorSystem.content[place.number] ?? 0);
    return at;
  }

  /** A place is seldom new; what was kept counts no longer then. */
  #findVisible(): void {
    const { places, machineAt } = this.#actorSystem;
    this.#placesKnown = places.all.length;
    this.#visible = places.all.flatMap(({ number, kind }): readonly VisiblePlace[] => {
      const part = kind === 'machine' ? PART_OF[machineAt[number] ?? ''] : undefined;
      return part === undefined ? [] : [{ number, part }];
    });
    this.#keptContent = new Int32Array(this.#placesKnown).fill(-1);
  }
}
