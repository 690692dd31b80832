import type { Invariant, Seen, SystemView } from '../../../machines/index.js';
import { stableJson } from './stable-json.js';
import { Interner } from './interner.js';
import { PairTable } from './pair-table.js';
import { Sequences } from './sequences.js';
import type { Sights } from './sights.js';

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
