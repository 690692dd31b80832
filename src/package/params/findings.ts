import type { Json, JsonObject } from '../../base/json/index.js';
import type { Problem } from '../manifest/manifest.js';

/** What a value is held against where no answer is sure to come in bounded time. */
export type HardRule = { readonly pattern: string } | { readonly schema: JsonObject | boolean };

/** Values to be held against a rule where taking too long ends a thread and nothing else. */
export interface HardCheck {
  readonly rule: HardRule;
  readonly cases: { readonly pointer: string; readonly value: Json }[];
}

export const PROBLEMS_MAX = 20;
/** Steps of linear patterns, 300 ns each at worst: what a call may hold the loop for. */
const STEPS_MAX = 50_000;

/** What was found of the values of one call. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly #hard = new Map<HardRule, HardCheck>();
  #stepsLeft = STEPS_MAX;

  /** More would tell nobody more. */
  get full(): boolean {
    return this.problems.length >= PROBLEMS_MAX;
  }

  add(pointer: string, message: string): void {
    if (!this.full) this.problems.push({ pointer, message });
  }

  /** Leaves a question for a thread; a rule travels once, however many values it is for. */
  leave(rule: HardRule, pointer: string, value: Json): void {
    const known = this.#hard.get(rule);
    if (known === undefined) this.#hard.set(rule, { rule, cases: [{ pointer, value }] });
    else known.cases.push({ pointer, value });
  }

  get left(): readonly HardCheck[] {
    return [...this.#hard.values()];
  }

  /** Whether so much work may still be done here. */
  afford(steps: number): boolean {
    if (steps > this.#stepsLeft) return false;
    this.#stepsLeft -= steps;
    return true;
  }
}
