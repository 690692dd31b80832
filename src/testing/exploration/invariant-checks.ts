import { INVARIANTS } from '../../../machines/index.js';
import type { Invariant, Seen, SystemView } from '../../../machines/index.js';
import { Outlook } from './system-view.js';
import type { Sights } from './system-view.js';
import { Interner, PairTable, Sequences, stableJson } from './interning.js';
import type { World } from './actor-system.js';

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

/** Parts of a view, each a bit; a part with the same key shows the same. */
export const PARTS = ['runner', 'packages', 'routes', 'changeovers', 'processes', 'files'] as const;
export type Part = (typeof PARTS)[number];

export interface Verdict {
  /** Of the invariant's memory. */
  readonly memory: number;
  readonly wrong: readonly string[];
  /** Parts of the view it depends on, a bit each as PARTS counts them. */
  readonly looksAt: number;
}

/** One memory and what it heard: the parts of the view it looks at then. */
interface Case {
  /** Where the views of it begin among all views. */
  readonly root: number;
  readonly parts: readonly number[];
  readonly looksAt: number;
}

/**
 * One invariant, judged once for all that it can tell apart: its memory, what happened, and the parts of the view it
 * then looks at, which are found by watching it look.
 */
export class Judge {
  readonly memories = new Interner<unknown>();
  /** Its premise has come true. */
  met = false;
  readonly #invariant: Invariant;
  readonly #happenings = new Sequences();
  /** Cases, and their numbers by memory and what was heard. */
  readonly #cases: Case[] = [];
  readonly #caseNumbers = new PairTable();
  /** Views of cases, and what was said for each. */
  readonly #views = new Sequences();
  readonly #verdicts: Verdict[] = [];

  constructor(invariant: Invariant) {
    this.#invariant = invariant;
    this.#memory(invariant.start);
  }

  get number(): number {
    return this.#invariant.number;
  }

  hears(seen: Seen): boolean {
    return this.#invariant.hears(seen);
  }

  /**
   * @param heard what it hears of what happened
   * @param parts numbers of the parts of the view, as PARTS names them
   */
  judge(memory: number, heard: readonly number[], sights: Sights, parts: Int32Array, view: SystemView): Verdict {
    const happened = this.#happenings.id(heard);
    const number = this.#caseNumbers.get(memory, happened);
    const known = this.#cases[number];
    const said = known === undefined ? undefined : this.#verdicts[this.#viewOf(known, parts)];
    if (said !== undefined) return said;
    const looks = watched(view);
    const judgement = this.#invariant.watch(
      this.memories.of(memory),
      heard.map((sight) => sights.of(sight)),
      looks.view,
    );
    this.met ||= judgement.met;
    const isKnown = known !== undefined && (looks.at & ~known.looksAt) === 0;
    // What was judged by less is forgotten.
    const seen = isKnown ? known : this.#case(looks.at | (known?.looksAt ?? 0));
    if (known === undefined) this.#caseNumbers.set(memory, happened, this.#cases.push(seen) - 1);
    else this.#cases[number] = seen;
    const verdict = { memory: this.#memory(judgement.memory), wrong: judgement.wrong, looksAt: seen.looksAt };
    this.#verdicts[this.#viewOf(seen, parts)] = verdict;
    return verdict;
  }

  atRest(memory: number, view: SystemView): readonly string[] {
    return this.#invariant.atRest?.(this.memories.of(memory), view) ?? [];
  }

  #case(looksAt: number): Case {
    const parts = [...PARTS.keys()].filter((part) => (looksAt & (1 << part)) !== 0);
    return { root: this.#views.then(0, this.#casesMade++), parts, looksAt };
  }
  #casesMade = 0;

  #viewOf({ root, parts }: Case, numbers: Int32Array): number {
    let at = root;
    for (const part of parts) at = this.#views.then(at, numbers[part] ?? 0);
    return at;
  }

  #memory(memory: unknown): number {
    return this.memories.id(stableJson(memory), () => memory);
  }
}

/** The same view, and which parts of it have been looked at. */
function watched(view: SystemView): { readonly view: SystemView; readonly at: number } {
  let at = 0;
  const { nowMs, lateMs, isTimeless } = view;
  const looked = { nowMs, lateMs, isTimeless } as Record<string, unknown>;
  for (const [i, part] of PARTS.entries())
    Object.defineProperty(looked, part, {
      get: () => {
        at |= 1 << i;
        return view[part];
      },
    });
  return {
    view: looked as unknown as SystemView,
    get at() {
      return at;
    },
  };
}
