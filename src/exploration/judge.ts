import type { Invariant, Seen, SystemView } from '../../machines/index.js';
import { stableJson } from './stable-json.js';
import { Interner } from './interner.js';
import { Sequences } from './sequences.js';
import type { Sights } from './sights.js';
import { StateTable } from './state-table.js';

/** Parts of a view, each a bit; a part with the same key shows the same. */
export const PARTS = ['runner', 'packages', 'routes', 'changeovers', 'processes', 'files'] as const;
export type Part = (typeof PARTS)[number];

export interface Verdict {
  /** Of the invariant's memory. */
  readonly memory: number;
  readonly wrong: readonly string[];
}

const MEMORY_AND_HAPPENING = 2;

/**
 * One invariant, judged once for all that it can tell apart: its memory, what happened, and the parts of the view it
 * looks at, which are found by watching it look.
 */
export class Judge {
  readonly memories = new Interner<unknown>();
  /** Its premise has come true. */
  met = false;
  readonly #invariant: Invariant;
  readonly #happenings = new Sequences();
  /** Parts it was seen to look at, as PARTS counts them; the same as bits. */
  #reads: readonly number[] = [];
  looksAt = 0;
  #key = new Int32Array(MEMORY_AND_HAPPENING);
  #known = new StateTable(MEMORY_AND_HAPPENING);
  #verdicts: Verdict[] = [];

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
    const known = this.#find(memory, happened, parts);
    if (known >= 0) return this.#verdicts[known] as Verdict;
    const looks = watched(view);
    const judgement = this.#invariant.watch(
      this.memories.of(memory),
      heard.map((sight) => sights.of(sight)),
      looks.view,
    );
    this.met ||= judgement.met;
    const verdict = { memory: this.#memory(judgement.memory), wrong: judgement.wrong };
    if (looks.reads.every((part) => this.#reads.includes(part))) {
      this.#verdicts[~known] = verdict;
      return verdict;
    }
    // It looks at more than was known: what was judged by less is forgotten.
    this.#reads = [...new Set([...this.#reads, ...looks.reads])].sort();
    this.looksAt = this.#reads.reduce((bits, part) => bits | (1 << part), 0);
    this.#key = new Int32Array(MEMORY_AND_HAPPENING + this.#reads.length);
    this.#known = new StateTable(this.#key.length);
    this.#verdicts = [];
    this.#verdicts[~this.#find(memory, happened, parts)] = verdict;
    return verdict;
  }

  atRest(memory: number, view: SystemView): readonly string[] {
    return this.#invariant.atRest?.(this.memories.of(memory), view) ?? [];
  }

  #find(memory: number, happened: number, parts: Int32Array): number {
    const key = this.#key;
    key[0] = memory;
    key[1] = happened;
    for (let i = 0; i < this.#reads.length; i++) key[MEMORY_AND_HAPPENING + i] = parts[this.#reads[i] ?? 0] ?? 0;
    return this.#known.put(key);
  }

  #memory(memory: unknown): number {
    return this.memories.id(stableJson(memory), () => memory);
  }
}

/** The same view, and which parts of it have been looked at. */
function watched(view: SystemView): { readonly view: SystemView; readonly reads: readonly number[] } {
  const reads: number[] = [];
  const { nowMs, lateMs, isTimeless } = view;
  const looked = { nowMs, lateMs, isTimeless } as Record<string, unknown>;
  for (const [i, part] of PARTS.entries())
    Object.defineProperty(looked, part, {
      get: () => {
        reads.push(i);
        return view[part];
      },
    });
  return { view: looked as unknown as SystemView, reads };
}
