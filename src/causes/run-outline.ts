import { eventTest, TraceDigester } from '../trace/index.js';
import type { ReadBefore, TraceDigest } from '../trace/index.js';
import { knownActor, unknownName } from './known-actor.js';
import { isSameStay } from './resting-points.js';

/** What of a filter names something the run has to hold. */
export interface NamesAsked {
  readonly actor?: string;
  readonly release?: string;
  readonly pid?: string;
  readonly event?: string;
}

/**
 * Which files of a long run tell of an actor, as far as their kinds and standings say it: what has to be gone through is
 * found without going through the rest.
 */
export class RunOutline {
  private constructor(
    readonly files: readonly string[],
    private readonly digests: readonly TraceDigest[],
  ) {}

  /**
   * @param files of one run, in order
   * @param onRead told now and then how many were looked at, the present one as the share of it that was
   * @throws RunnerError store_io_failed; store_corrupt when one of them does not begin as a trace
   */
  static async of(files: readonly string[], onRead: (read: number) => void = () => undefined): Promise<RunOutline> {
    const digester = new TraceDigester();
    const digests: TraceDigest[] = [];
    for (const file of files) {
      const read = digests.length;
      onRead(read);
      digests.push(await digester.digest(file, (share) => onRead(read + share)));
    }
    return new RunOutline(files, digests);
  }

  get bytes(): number {
    return this.digests.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The path of the actor somebody means. @throws RunnerError invalid_usage */
  pathOf(actor: string): string {
    return knownActor(actor, this.#paths());
  }

  /**
   * Holds what somebody asks for against what the run holds; a path above actors, as `package/x@1`, and `call.*` are known.
   *
   * @throws RunnerError invalid_usage, with the nearest names
   */
  requireNames({ actor, release, pid, event }: NamesAsked): void {
    const paths = this.#paths();
    if (actor !== undefined && !paths.some((path) => `${path}/`.startsWith(actor.endsWith('/') ? actor : `${actor}/`)))
      throw unknownName('actor', actor, paths);
    const releases = paths.flatMap((path) => /^package\/([^/]+)$/.exec(path)?.[1] ?? []);
    if (release !== undefined && !releases.includes(release)) throw unknownName('release', release, releases);
    const pids = paths.flatMap((path) => /^route\/(.+)$/.exec(path)?.[1] ?? []);
    if (pid !== undefined && !pids.includes(pid)) throw unknownName('pid', pid, pids);
    const events = [...new Set(this.digests.flatMap(({ kinds }) => kinds.map(({ e }) => e)))].sort();
    if (event !== undefined && !events.some(eventTest(event))) throw unknownName('event', event, events);
  }

  #paths(): readonly string[] {
    const paths = new Set<string>();
    for (const { kinds, standings } of this.digests) {
      for (const actor of standings.keys()) paths.add(actor);
      for (const { a } of kinds) paths.add(a);
    }
    return [...paths];
  }

  /** The last file that tells of an actor. */
  lastOf(path: string): number {
    return this.#last(({ kinds, standings }) => standings.has(path) || kinds.some(({ a }) => a === path));
  }

  /** The last file in which it began, or came to where it stays. */
  lastEntryOf(path: string): number {
    return this.#last(({ kinds }) =>
      kinds.some(({ a, m, e, b, f }) => a === path && e !== 'xstate.stop' && (b === null || !isSameStay(m, b, f))),
    );
  }

  /** The last file in which what it is faulted for changed, as far as standings tell. */
  lastFaultOf(path: string): number {
    const faults = this.digests.map(({ standings }) => standings.get(path));
    for (let i = faults.length - 1; i > 0; i--)
      if (faults[i] !== undefined && faults[i] !== faults[i - 1]) return i - 1;
    return 0;
  }

  /** Files with a gap before them, next to one: the last up to it, and the first after it. */
  gapsAround(file: number): readonly number[] {
    const gaps = this.digests.flatMap((_, i) => (this.#hasGapBefore(i) ? [i] : []));
    const [before, after] = [gaps.findLast((i) => i <= file), gaps.find((i) => i > file)];
    return [before, after].filter((i) => i !== undefined);
  }

  /** The last files in which an actor got an event, the newest first. */
  filesWith(path: string, event: string, most: number): readonly number[] {
    const found: number[] = [];
    for (let i = this.digests.length - 1; i >= 0 && found.length < most; i--)
      if (this.digests[i]?.kinds.some(({ a, e }) => a === path && e === event) === true) found.push(i);
    return found;
  }

  /** What was recorded before a file of the run. */
  before(file: number): ReadBefore | null {
    const before = this.digests[file - 1];
    return before === undefined
      ? null
      : { file: this.files[file - 1] ?? '', run: before.header.run, lastSeq: before.lastSeq };
  }

  #hasGapBefore(file: number): boolean {
    const [header, before] = [this.digests[file]?.header, this.before(file)];
    return header?.gap !== undefined || (before !== null && before.lastSeq + 1 !== header?.first_seq);
  }

  /** The first one when none does. */
  #last(holds: (digest: TraceDigest) => boolean): number {
    return Math.max(0, this.digests.findLastIndex(holds));
  }
}
