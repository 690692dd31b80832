import { RunnerError } from '../../../src/base/errors/index.js';
import type { Audit, Journal, OperationEvent, OpenStore, Registry } from '../../../src/store/index.js';
import type { HostClock } from './clock.js';
import { withEntry, withMember } from './disk.js';
import type { Change, SimulatedDisk } from './disk.js';
import type { Draws } from './draws.js';
import type { Troubles } from './troubles.js';

/** The disk as one host uses it: how long a write takes, and what goes wrong with it. */
export class StoreAccess {
  readonly disk: SimulatedDisk;
  readonly clock: HostClock;
  readonly #draws: Draws;
  readonly #troubles: Troubles;
  /** Nothing can be written before then. */
  #fullUntilMs = 0;
  #slowUntilMs = 0;

  constructor(disk: SimulatedDisk, clock: HostClock, draws: Draws, troubles: Troubles) {
    this.disk = disk;
    this.clock = clock;
    this.#draws = draws;
    this.#troubles = troubles;
  }

  /** @param failed gets why nothing was changed */
  write(change: Change, done: () => void, failed: (error: RunnerError) => void): void {
    const nowMs = this.clock.nowMs();
    if (this.#troubles.strikes('disk_full')) this.#fullUntilMs = nowMs + this.#draws.between(100, 20_000);
    if (this.#troubles.strikes('slow_disk')) this.#slowUntilMs = nowMs + this.#draws.between(1_000, 10_000);
    const ms = this.#draws.between(0.2, 4) * (nowMs < this.#slowUntilMs ? 200 : 1);
    const isFull = nowMs < this.#fullUntilMs;
    if (isFull || this.#troubles.strikes('io_error')) {
      const errno = isFull ? 'ENOSPC' : 'EIO';
      const message = `write failed: ${errno}`;
      const error = new RunnerError('store_io_failed', message, { details: { errno, visible: false } });
      this.clock.setTimeout(() => failed(error), ms);
      return;
    }
    const written = this.disk.begin(change);
    this.clock.setTimeout(() => {
      this.disk.finish(written, this.#troubles.strikes('lost_fsync'));
      done();
    }, ms);
  }

  promise(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      const settling =
        <A extends unknown[]>(settle: (...args: A) => void) =>
        (...args: A): void => {
          this.clock.stir();
          settle(...args);
        };
      this.write(change, settling(resolve), settling(reject));
    });
  }
}

/** Operations under way; their notes are for people, so the disk is not bothered with them here. */
class SimulatedJournal {
  readonly #clock: HostClock;
  readonly #open = new Map<number, OperationEvent>();
  #lastId: number;

  constructor(clock: HostClock, firstId: number) {
    this.#clock = clock;
    this.#lastId = firstId - 1;
  }

  begin(event: OperationEvent): Promise<number> {
    const id = ++this.#lastId;
    this.#open.set(id, event);
    return this.#clock.later(0.05, id);
  }

  isUnderWay(id: number): boolean {
    return this.#open.has(id);
  }

  end(id: number): Promise<void> {
    this.#open.delete(id);
    return this.#clock.later(0.05, undefined);
  }

  /** A commit through the journal ends its operation. */
  settle(id: number): void {
    this.#open.delete(id);
  }

  get underWay(): number {
    return this.#open.size;
  }
}

/** The parts of a store that the library above the effects asks for. */
export interface SimulatedStore extends Pick<OpenStore, 'journal' | 'audit' | 'registry'> {
  /** A commit through the journal ends its operation. */
  settle(operation: number): void;
  /** Operations that began and did not end. */
  readonly underWay: number;
}

export function simulatedStore(access: StoreAccess, firstOperation: number): SimulatedStore {
  const { disk } = access;
  const journal = new SimulatedJournal(access.clock, firstOperation);
  const registry: Pick<Registry, 'entries' | 'get' | 'isForgotten' | 'recall'> = {
    entries: () => [...disk.facts.registry.values()],
    get: (name, version) => disk.facts.registry.get(`${name}@${version}`),
    isForgotten: (sha256) => disk.facts.forgotten.has(sha256),
    recall(sha256) {
      if (!disk.facts.forgotten.has(sha256)) return Promise.resolve();
      return access.promise((facts) => ({ ...facts, forgotten: withMember(facts.forgotten, sha256, false) }));
    },
  };
  const audit: Pick<Audit, 'append'> = {
    append: () => access.promise((facts) => facts) as Promise<never>,
  };
  return {
    journal: journal as unknown as Journal,
    audit: audit as Audit,
    registry: registry as Registry,
    settle: (operation) => journal.settle(operation),
    get underWay() {
      return journal.underWay;
    },
  };
}

/** Takes a release off the disk; its zip stays and is remembered. */
export const uninstalled =
  (key: string, sha256: string): Change =>
  (facts) => ({
    ...facts,
    registry: withEntry(facts.registry, key, null),
    deployments: withMember(facts.deployments, key, false),
    forgotten: withMember(facts.forgotten, sha256, true),
  });
