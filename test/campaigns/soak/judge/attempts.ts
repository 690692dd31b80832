import type { Attempt, ProcessEntry } from '../ledgers/processes.js';
import type { Dispatch } from '../ledgers/trace.js';
import type { Evidence } from './evidence.js';

export interface MadeAttempt {
  readonly process: ProcessEntry;
  readonly attempt: Attempt;
}

/** The evidence by call: who worked at it and whom it was sent to. */
export class AttemptsByCall {
  readonly #made = new Map<number, MadeAttempt[]>();
  readonly #processes = new Map<string, ProcessEntry[]>();
  readonly #killed: ReadonlySet<string>;
  readonly #dispatches: Evidence['trace']['dispatches'];

  constructor({ processes, kills, trace }: Pick<Evidence, 'processes' | 'kills' | 'trace'>) {
    this.#dispatches = trace.dispatches;
    this.#killed = new Set(kills.map(({ id }) => id));
    for (const process of processes) {
      for (const osPid of process.lineage) push(this.#processes, `${process.release} ${osPid}`, process);
      for (const attempt of process.attempts) push(this.#made, attempt.number, { process, attempt });
    }
    for (const made of this.#made.values()) made.sort((a, b) => a.attempt.beganMs - b.attempt.beganMs);
  }

  /** Numbers of all calls that some process has begun. */
  get numbers(): Iterable<number> {
    return this.#made.keys();
  }

  /** What processes wrote down about a call, in the order they began it. */
  made(number: number): readonly MadeAttempt[] {
    return this.#made.get(number) ?? [];
  }

  /** Where the trace says a call was sent. @param callId the Runner's number of it */
  sent(callId: number | null): readonly Dispatch[] {
    return (callId === null ? undefined : this.#dispatches.get(callId)) ?? [];
  }

  /** The process behind a dispatch; several only if the machine used a number again. */
  processesOf({ release, osPid }: Dispatch): readonly ProcessEntry[] {
    return this.#processes.get(`${release} ${osPid}`) ?? [];
  }

  wasKilled({ id }: ProcessEntry): boolean {
    return this.#killed.has(id);
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
