import type { SystemView } from '../../machines/index.js';
import { INVARIANTS } from '../../machines/index.js';
import { Interner } from './interner.js';
import { Judge, PARTS } from './judge.js';
import type { Verdict } from './judge.js';
import { Sequences } from './sequences.js';
import type { World } from './world.js';

/** What one step found wrong. */
export interface Wrong {
  /** `invariant 3`, or `machinery` when a machine failed. */
  readonly by: string;
  readonly what: string;
}

/** What is remembered from now on, and what is wrong with what happened. */
export interface Ruling {
  readonly memories: number;
  readonly wrong: readonly Wrong[];
}

/** Which part of the view a machine's actors are, as PARTS counts them. */
const PART_OF: Readonly<Record<string, number>> = { package: 1, route: 2, changeover: 3, process: 4 };
const RUNNER = PARTS.indexOf('runner');
const FILES = PARTS.indexOf('files');

/** All invariants together: what they remember goes by one number. */
export class Court {
  readonly judges = INVARIANTS.map((invariant) => new Judge(invariant));
  readonly #world: World;
  readonly #view: SystemView;
  readonly #filesNumber: () => number;
  readonly #numbers = new Sequences();
  readonly #memories: (readonly number[])[] = [this.judges.map(() => 0)];
  readonly #parts = PARTS.map(() => new Sequences());
  readonly #runnerStates = new Interner<null>();
  readonly #found: number[][] = PARTS.map(() => []);
  readonly #partNumbers = new Int32Array(PARTS.length);
  /** Of the state that is moved from: its parts, and what each judge says when it hears nothing and nothing it looks at changes. */
  readonly #partsBefore = new Int32Array(PARTS.length).fill(-1);
  readonly #quiet: (Verdict | undefined)[] = [];
  readonly #ears: number[] = [];
  readonly #heard: number[][] = this.judges.map(() => []);

  constructor(world: World, view: SystemView, filesNumber: () => number) {
    this.#world = world;
    this.#view = view;
    this.#filesNumber = filesNumber;
  }

  /**
   * Opens the state that is loaded: what is judged until the next one is opened happens in moves from there.
   *
   * @returns numbers of its parts
   */
  open(): Int32Array {
    this.#quiet.length = 0;
    this.#partsBefore.set(this.#lookAround());
    return this.#partsBefore;
  }

  /**
   * @param memories of the state that was opened
   * @returns what is remembered from now on, and what is wrong with what just happened
   */
  judge(memories: number): Ruling {
    this.#listen();
    const parts = this.#lookAround();
    const changed = this.#changed();
    const before = this.#memories[memories] ?? [];
    const after: number[] = [];
    let wrong = NOTHING;
    for (let i = 0; i < this.judges.length; i++) {
      const judge = this.judges[i] as Judge;
      const heard = this.#heard[i] ?? [];
      const isQuiet = heard.length === 0 && (judge.looksAt & changed) === 0;
      const verdict =
        (isQuiet ? this.#quiet[i] : undefined) ??
        judge.judge(before[i] ?? 0, heard, this.#world.sights, parts, this.#view);
      // Judging shows what it looks at.
      if (isQuiet && (judge.looksAt & changed) === 0) this.#quiet[i] = verdict;
      after.push(verdict.memory);
      if (verdict.wrong.length > 0)
        wrong = [...wrong, ...verdict.wrong.map((what) => ({ by: `invariant ${judge.number}`, what }))];
    }
    const number = this.#numbers.id(after);
    this.#memories[number] ??= after;
    return { memories: number, wrong };
  }

  /** Sorts what happened by who hears it. */
  #listen(): void {
    for (const list of this.#heard) list.length = 0;
    for (const sight of this.#world.happened) {
      const ears = this.#ears[sight] ?? this.#earsFor(sight);
      if (ears === 0) continue;
      for (let i = 0; i < this.judges.length; i++) if ((ears & (1 << i)) !== 0) this.#heard[i]?.push(sight);
    }
  }

  /** Which judges hear it, a bit each. */
  #earsFor(sight: number): number {
    const seen = this.#world.sights.of(sight);
    return (this.#ears[sight] = this.judges.reduce((ears, judge, i) => ears | (judge.hears(seen) ? 1 << i : 0), 0));
  }

  /** What there is to say once nothing is under way. */
  atRest(memories: number): readonly Wrong[] {
    const remembered = this.#memories[memories] ?? [];
    return this.judges.flatMap((judge, i) =>
      judge.atRest(remembered[i] ?? 0, this.#view).map((what) => ({ by: `invariant ${judge.number}, at rest`, what })),
    );
  }

  /** Parts that are not as they were in the state that was opened, a bit each. */
  #changed(): number {
    let changed = 0;
    for (let i = 0; i < PARTS.length; i++) if (this.#partNumbers[i] !== this.#partsBefore[i]) changed |= 1 << i;
    return changed;
  }

  /** Numbers of the parts of the view as they are now; the same array every time. */
  #lookAround(): Int32Array {
    const { content, places, machineAt } = this.#world;
    for (const list of this.#found) list.length = 0;
    for (const { number } of places.all) {
      const part = PART_OF[machineAt[number] ?? ''];
      if (part !== undefined) this.#found[part]?.push(content[number] ?? 0);
    }
    // Of the Runner only its state can be seen.
    this.#found[RUNNER]?.push(this.#runnerStates.id(this.#view.runner.state, () => null));
    this.#found[FILES]?.push(this.#filesNumber());
    for (let i = 0; i < PARTS.length; i++) this.#partNumbers[i] = this.#parts[i]?.id(this.#found[i] ?? []) ?? 0;
    return this.#partNumbers;
  }
}

const NOTHING: readonly Wrong[] = [];
