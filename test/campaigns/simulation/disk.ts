import type { RegistryEntry, Route } from '../../../src/store/index.js';
import type { Draws } from './draws.js';

/** What a store holds, document by document; a document is replaced as a whole. */
export interface Facts {
  readonly registry: ReadonlyMap<string, RegistryEntry>;
  readonly forgotten: ReadonlySet<string>;
  readonly routes: ReadonlyMap<string, Route>;
  /** Keys of complete deployments. */
  readonly deployments: ReadonlySet<string>;
  /** Names of the zips in the archive. */
  readonly zips: ReadonlySet<string>;
}

const NOTHING: Facts = {
  registry: new Map(),
  forgotten: new Set(),
  routes: new Map(),
  deployments: new Set(),
  zips: new Set(),
};

export type Change = (facts: Facts) => Facts;

interface Written {
  readonly change: Change;
  /** Its fsync was answered and true; else it was a lie. */
  synced: boolean;
}

/**
 * The disk of the site: what programs see of it, and what a power loss would leave.
 *
 * INVARIANTS
 * - A change is atomic: after a power loss it is there wholly or not at all, and never on top of a later one.
 * - What was synced without a lie is there after every power loss; what was written and not yet synced may be there.
 */
export class SimulatedDisk {
  /** As programs see it. */
  facts: Facts = NOTHING;
  /** Something is gone that a lying fsync had promised: from then on facts may contradict each other. */
  broken = false;
  /** Everything before the first change of the log, durable. */
  #base: Facts = NOTHING;
  /** Changes since the oldest lie, in the order in which programs saw them. */
  #log: Written[] = [];
  #underway: Written[] = [];

  /** It is under way: not promised to anybody, but it may be on the disk already. */
  begin(change: Change): Written {
    const written = { change, synced: false };
    this.#underway.push(written);
    return written;
  }

  /** It failed before anything reached the disk. */
  undo(written: Written): void {
    this.#underway = this.#underway.filter((other) => other !== written);
  }

  /** @param lost the fsync is answered although nothing was synced */
  finish(written: Written, lost: boolean): void {
    this.undo(written);
    this.facts = written.change(this.facts);
    written.synced = !lost;
    if (this.#log.length === 0 && written.synced) this.#base = this.facts;
    else this.#log.push(written);
  }

  /** The Runner was killed: what it had begun to write may be there; what was written stays. */
  settle(draws: Draws): void {
    for (const written of this.#underway) if (draws.chance(0.5)) this.finish(written, false);
    this.#underway = [];
  }

  /** What was promised and not kept, and what was under way, may be there or not. */
  losePower(draws: Draws): void {
    let facts = this.#base;
    for (const { change, synced } of this.#log)
      if (synced || draws.chance(0.5)) facts = change(facts);
      else this.broken = true;
    for (const { change } of this.#underway) if (draws.chance(0.5)) facts = change(facts);
    this.#log = [];
    this.#underway = [];
    this.facts = this.#base = facts;
  }
}

export const withEntry = <V>(map: ReadonlyMap<string, V>, key: string, value: V | null): ReadonlyMap<string, V> => {
  const next = new Map(map);
  if (value === null) next.delete(key);
  else next.set(key, value);
  return next;
};

export const withMember = (set: ReadonlySet<string>, member: string, there: boolean): ReadonlySet<string> => {
  const next = new Set(set);
  if (there) next.add(member);
  else next.delete(member);
  return next;
};
