import { RunnerError } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';

const KEPT_MAX = 256;

/**
 * What a Runner has to say of itself and its store: what was found amiss at the start, what went wrong beside any call.
 *
 * INVARIANTS
 * - Noting never fails, and whatever goes on failing is told once.
 * - Of more than 256 the first ones stay: what came first explains the others.
 */
export class Problems {
  readonly #noted = new Map<string, RunnerError>();

  get all(): readonly RunnerError[] {
    return [...this.#noted.values()];
  }

  note(problem: Fault | RunnerError): void {
    const key = `${problem.code} ${problem.message}`;
    if (this.#noted.size >= KEPT_MAX || this.#noted.has(key)) return;
    this.#noted.set(key, problem instanceof RunnerError ? problem : RunnerError.from(problem));
  }
}
