import { INVARIANTS } from '../../../machines/index.js';
import type { Invariant, Seen, SystemView } from '../../../machines/index.js';
import { PARTS, ViewParts } from './system-view.js';
import type { Observations } from './observations.js';
import { Interner, PairTable, Sequences, stableJson } from './interning.js';
import type { ActorSystem } from './actor-system.js';

/** What one step found wrong. */
export interface Wrong {
  /** `invariant 3`, or `machinery` when a machine failed. */
  readonly by: string;
  readonly what: string;
}

/** What is remembered from now on, and what is wrong with what happened. */
export interface CheckedStep {
  readonly memories: number;
  readonly wrong: readonly Wrong[];
}

/** All invariants together: what they remember goes by one number. */
export class InvariantChecks {
  readonly checks = INVARIANTS.map((invariant) => new InvariantCheck(invariant));
  readonly #actorSystem: ActorSystem;
  readonly #view: SystemView;
  readonly #viewParts: ViewParts;
  readonly #numbers = new Sequences();
  readonly #memories: (readonly number[])[] = [];
  /** What is remembered before anything has happened. */
  readonly start: number;
  /** What each judge says when it hears nothing and sees nothing but what the state that was opened shows. */
  readonly #quiet: (CheckResult | undefined)[] = [];
  readonly #ears: number[] = [];
  readonly #heard: number[][] = this.checks.map(() => []);

  constructor(actorSystem: ActorSystem, view: SystemView, filesNumber: () => number) {
    this.#actorSystem = actorSystem;
    this.#view = view;
    this.#viewParts = new ViewParts(actorSystem, view, filesNumber);
    const nothing = this.checks.map(() => 0);
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
    this.#viewParts.keep();
    return this.#viewParts.numbers;
  }

  /**
   * @param memories of the state that was opened
   * @returns what is remembered from now on, and what is wrong with what just happened
   */
  judge(memories: number): CheckedStep {
    this.#listen();
    this.#viewParts.look();
    const { numbers: parts, changed } = this.#viewParts;
    const before = this.#memories[memories] ?? [];
    const after: number[] = [];
    let wrong = NOTHING;
    let isSame = true;
    for (let i = 0; i < this.checks.length; i++) {
      const judge = this.checks[i] as InvariantCheck;
      const heard = this.#heard[i] ?? [];
      const quiet = heard.length === 0 ? this.#quiet[i] : undefined;
      const isQuiet = quiet !== undefined && (quiet.looksAt & changed) === 0;
      const result = isQuiet
        ? quiet
        : judge.judge(before[i] ?? 0, heard, this.#actorSystem.observations, parts, this.#view);
      if (heard.length === 0 && (result.looksAt & changed) === 0) this.#quiet[i] = result;
      after.push(result.memory);
      isSame &&= result.memory === before[i];
      if (result.wrong.length > 0)
        wrong = [...wrong, ...result.wrong.map((what) => ({ by: `invariant ${judge.number}`, what }))];
    }
    if (isSame) return { memories, wrong };
    const number = this.#numbers.id(after);
    this.#memories[number] ??= after;
    return { memories: number, wrong };
  }

  /** Sorts what happened by who hears it. */
  #listen(): void {
    for (const list of this.#heard) list.length = 0;
    for (const observation of this.#actorSystem.happened) {
      const ears = this.#ears[observation] ?? this.#earsFor(observation);
      if (ears === 0) continue;
      for (let i = 0; i < this.checks.length; i++) if ((ears & (1 << i)) !== 0) this.#heard[i]?.push(observation);
    }
  }

  /** Which checks hear it, a bit each. */
  #earsFor(observation: number): number {
    const seen = this.#actorSystem.observations.of(observation);
    return (this.#ears[observation] = this.checks.reduce(
      (ears, judge, i) => ears | (judge.hears(seen) ? 1 << i : 0),
      0,
    ));
  }

  /** What there is to say once nothing is under way. */
  atRest(memories: number): readonly Wrong[] {
    const remembered = this.#memories[memories] ?? [];
    return this.checks.flatMap((judge, i) =>
      judge.atRest(remembered[i] ?? 0, this.#view).map((what) => ({ by: `invariant ${judge.number}, at rest`, what })),
    );
  }
}

const NOTHING: readonly Wrong[] = [];

export interface CheckResult {
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
export class InvariantCheck {
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
  readonly #results: CheckResult[] = [];

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
  judge(
    memory: number,
    heard: readonly number[],
    observations: Observations,
    parts: Int32Array,
    view: SystemView,
  ): CheckResult {
    const happened = this.#happenings.id(heard);
    const number = this.#caseNumbers.get(memory, happened);
    const known = this.#cases[number];
    const said = known === undefined ? undefined : this.#results[this.#viewOf(known, parts)];
    if (said !== undefined) return said;
    const looks = watched(view);
    const judgement = this.#invariant.watch(
      this.memories.of(memory),
      heard.map((observation) => observations.of(observation)),
      looks.view,
    );
    this.met ||= judgement.met;
    const isKnown = known !== undefined && (looks.at & ~known.looksAt) === 0;
    // What was judged by less is forgotten.
    const seen = isKnown ? known : this.#case(looks.at | (known?.looksAt ?? 0));
    if (known === undefined) this.#caseNumbers.set(memory, happened, this.#cases.push(seen) - 1);
    else this.#cases[number] = seen;
    const result = { memory: this.#memory(judgement.memory), wrong: judgement.wrong, looksAt: seen.looksAt };
    this.#results[this.#viewOf(seen, parts)] = result;
    return result;
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
