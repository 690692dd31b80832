import type { SystemView } from '../../../machines/index.js';
import { INVARIANTS } from '../../../machines/index.js';
import { Judge } from './judge.js';
import type { Verdict } from './judge.js';
import { Outlook } from './outlook.js';
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

/** All invariants together: what they remember goes by one number. */
export class Court {
  readonly judges = INVARIANTS.map((invariant) => new Judge(invariant));
  readonly #world: World;
  readonly #view: SystemView;
  readonly #outlook: Outlook;
  readonly #numbers = new Sequences();
  readonly #memories: (readonly number[])[] = [];
  /** What is remembered before anything has happened. */
  readonly start: number;
  /** What each judge says when it hears nothing and sees nothing but what the state that was opened shows. */
  readonly #quiet: (Verdict | undefined)[] = [];
  readonly #ears: number[] = [];
  readonly #heard: number[][] = this.judges.map(() => []);

  constructor(world: World, view: SystemView, filesNumber: () => number) {
    this.#world = world;
    this.#view = view;
    this.#outlook = new Outlook(world, view, filesNumber);
    const nothing = this.judges.map(() => 0);
    this.start = this.#numbers.id(nothing);
    this.#memories[this.start] = nothing;
  }

  /**
   * Opens the state that is loaded: what is judged until the next one is opened happens in moves from there.
   *
   * @returns numbers of its parts
   */
  open(): Int32Array {
    this.#quiet.length = 0;
    this.#outlook.keep();
    return this.#outlook.numbers;
  }

  /**
   * @param memories of the state that was opened
   * @returns what is remembered from now on, and what is wrong with what just happened
   */
  judge(memories: number): Ruling {
    this.#listen();
    this.#outlook.look();
    const { numbers: parts, changed } = this.#outlook;
    const before = this.#memories[memories] ?? [];
    const after: number[] = [];
    let wrong = NOTHING;
    let isSame = true;
    for (let i = 0; i < this.judges.length; i++) {
      const judge = this.judges[i] as Judge;
      const heard = this.#heard[i] ?? [];
      const quiet = heard.length === 0 ? this.#quiet[i] : undefined;
      const isQuiet = quiet !== undefined && (quiet.looksAt & changed) === 0;
      const verdict = isQuiet ? quiet : judge.judge(before[i] ?? 0, heard, this.#world.sights, parts, this.#view);
      if (heard.length === 0 && (verdict.looksAt & changed) === 0) this.#quiet[i] = verdict;
      after.push(verdict.memory);
      isSame &&= verdict.memory === before[i];
      if (verdict.wrong.length > 0)
        wrong = [...wrong, ...verdict.wrong.map((what) => ({ by: `invariant ${judge.number}`, what }))];
    }
    if (isSame) return { memories, wrong };
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
}

const NOTHING: readonly Wrong[] = [];
