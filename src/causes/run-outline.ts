import { readDigest } from '../trace/index.js';
import type { TraceDigest } from '../trace/index.js';
import { knownActor } from './known-actor.js';
import { isSameStay } from './resting-points.js';

/**
 * Which files of a long run tell of an actor, as far as their kinds and standings say it: what has to be gone through is
 * found without going through the rest.
 */
export class RunOutline {
  private constructor(
    readonly files: readonly string[],
    private readonly digests: readonly TraceDigest[],
  ) {}

  /** @param files of one run, in order @throws RunnerError store_io_failed */
  static async of(files: readonly string[]): Promise<RunOutline> {
    const digests: TraceDigest[] = [];
    for (const file of files) digests.push(await readDigest(file));
    return new RunOutline(files, digests);
  }

  get bytes(): number {
    return this.digests.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The path of the actor somebody means. @throws RunnerError invalid_usage */
  pathOf(actor: string): string {
    const paths = new Set<string>();
    for (const { kinds, standings } of this.digests) {
      for (const { s } of standings) paths.add(s);
      for (const { a } of kinds) paths.add(a);
    }
    return knownActor(actor, [...paths]);
  }

  /** The last file that tells of an actor. */
  lastOf(path: string): number {
    return this.#last(
      ({ kinds, standings }) => kinds.some(({ a }) => a === path) || standings.some(({ s }) => s === path),
    );
  }

  /** The last file in which it began, or came to where it stays. */
  lastEntryOf(path: string): number {
    return this.#last(({ kinds }) =>
      kinds.some(({ a, m, e, b, f }) => a === path && e !== 'xstate.stop' && (b === null || !isSameStay(m, b, f))),
    );
  }

  /** The last file in which what it is faulted for changed, as far as standings tell. */
  lastFaultOf(path: string): number {
    const faults = this.digests.map(({ standings }) => {
      const own = standings.find(({ s }) => s === path);
      return own === undefined ? undefined : JSON.stringify((own.context as { fault?: unknown } | null)?.fault ?? null);
    });
    for (let i = faults.length - 1; i > 0; i--)
      if (faults[i] !== undefined && faults[i] !== faults[i - 1]) return i - 1;
    return 0;
  }

  /** The last files in which an actor got an event, the newest first. */
  filesWith(path: string, event: string, most: number): readonly number[] {
    const found: number[] = [];
    for (let i = this.digests.length - 1; i >= 0 && found.length < most; i--)
      if (this.digests[i]?.kinds.some(({ a, e }) => a === path && e === event) === true) found.push(i);
    return found;
  }

  /** The first one when none does. */
  #last(holds: (digest: TraceDigest) => boolean): number {
    return Math.max(0, this.digests.findLastIndex(holds));
  }
}
