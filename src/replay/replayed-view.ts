import { nameInView, noteCommitted, noteStored } from '../../machines/index.js';
import type { Effects, RouteChange, RouteFiles, Shown, StoreFacts, SystemView } from '../../machines/index.js';
import type { ReplayedActor } from './replayed-actor.js';

type Table = Map<string, Shown<unknown>>;

/** What the system shows, kept up to date actor by actor: the invariants ask for it after every outside event. */
export class ReplayedView {
  readonly #tables: Readonly<Record<string, Table>> = {
    package: new Map(),
    route: new Map(),
    changeover: new Map(),
    process: new Map(),
  };
  readonly #files: RouteFiles = new Map();
  #runner: Shown<unknown> | undefined;

  show(actor: ReplayedActor): void {
    if (actor.machine === 'runner') this.#runner = actor.shown;
    else this.#tables[actor.machine]?.set(nameOf(actor), actor.shown);
  }

  hide(actor: ReplayedActor): void {
    this.#tables[actor.machine]?.delete(nameOf(actor));
  }

  /** An effect has answered well: what it did is what the store holds now. */
  settle(src: string, input: unknown, output: unknown): void {
    if (src === ('commitRoutes' satisfies keyof Effects)) noteCommitted(this.#files, input as RouteChange);
    if (src === ('recoverStore' satisfies keyof Effects)) noteStored(this.#files, output as StoreFacts);
  }

  /** @throws when the history does not begin with the Runner */
  at(nowMs: number, lateMs: number): SystemView {
    if (this.#runner === undefined) throw new Error('the trace does not begin with the Runner');
    const { package: packages, route: routes, changeover: changeovers, process: processes } = this.#tables;
    return {
      ...{ nowMs, lateMs, runner: this.#runner, files: this.#files },
      ...{ packages, routes, changeovers, processes },
    } as unknown as SystemView;
  }
}

const nameOf = ({ machine, path }: ReplayedActor): string => nameInView(machine, path);
