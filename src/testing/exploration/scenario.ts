import type { AnyEventObject } from 'xstate';
import type { OsEvent, RouteRecord, RunnerInput, StoreFacts } from '../../../machines/index.js';
import type { OsFacts } from '../model/index.js';

/** How often something may still happen; what is not named may not. `faults` is shared by everything that goes wrong. */
export type Budget = Readonly<Record<string, number>>;

/** What the world outside the actors remembers. */
export interface Environment {
  /** Calls without an outcome yet, by id: whose they are and where they went. */
  readonly open: Readonly<Record<number, { readonly pid: string; readonly key: string }>>;
  /** The route files as last committed. */
  readonly files: Readonly<Record<string, RouteRecord>>;
}

/** The living actors, as people and hosts can look them up. */
export interface Look {
  readonly environment: Environment;
  /** State by its whole name, `undefined` for nobody. */
  readonly state: (path: string) => string | undefined;
  readonly context: <T>(path: string) => T | undefined;
}

/** Something a person or a host could do now; takes one of `spends` from the budget. */
export interface UserAction {
  readonly spends: string;
  readonly events: readonly { readonly to: string; readonly event: AnyEventObject }[];
  /** How it changes the environment. */
  readonly environment: (environment: Environment) => Environment;
}

/** What a process could report next, in one breath, and whether it takes from the fault budget. */
export interface Response {
  readonly events: readonly OsEvent[];
  readonly isFault: boolean;
}

/** A bounded world to be explored: what is there, what people do, and what may go wrong how often. */
export interface Scenario {
  readonly name: string;
  /** What it shows, one sentence. */
  readonly about: string;
  readonly input: RunnerInput;
  readonly store: StoreFacts;
  readonly budget: Budget;
  /** Exploration begins once everything that is stored as wanted runs; else with the opening of the store. */
  readonly isWarm: boolean;
  readonly userActions: (look: Look) => readonly UserAction[];
  /** What a process in this condition could report next. */
  readonly processes: (facts: OsFacts) => readonly Response[];
  /** What an effect that succeeds answers. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Effects that may fail. */
  readonly mayFail: (src: string) => boolean;
}

const BITS = 5;
const MASK = (1 << BITS) - 1;
/** So many kinds of action fit into a whole number. */
const KINDS_MAX = 6;

/** Budgets packed into whole numbers: how often each thing may still happen. */
export class Budgets {
  readonly start: number;
  readonly #shifts: ReadonlyMap<string, number>;

  constructor(budget: Budget) {
    const kinds = Object.entries(budget);
    if (kinds.length > KINDS_MAX) throw new Error(`a budget may have ${KINDS_MAX} kinds at most`);
    this.#shifts = new Map(kinds.map(([name], i) => [name, i * BITS]));
    this.start = kinds.reduce((packed, [, left], i) => packed | (left << (i * BITS)), 0);
  }

  has(packed: number, kind: string): boolean {
    const shift = this.#shifts.get(kind);
    return shift !== undefined && ((packed >> shift) & MASK) > 0;
  }

  less(packed: number, kind: string): number {
    return packed - (1 << (this.#shifts.get(kind) ?? 0));
  }
}

/** What can be afforded with `b` can be afforded with `a`. */
export function covers(a: number, b: number): boolean {
  for (let shift = 0; shift < KINDS_MAX * BITS; shift += BITS)
    if (((a >> shift) & MASK) < ((b >> shift) & MASK)) return false;
  return true;
}
