import type { Effects, RouteChange, RouteRecord, Shown, StoreFacts, SystemView } from '../../machines/index.js';
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
  readonly #files = new Map<string, RouteRecord>();
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
    if (src === ('commitRoutes' satisfies keyof Effects))
      for (const route of (input as RouteChange).routes) this.#write(route);
    if (src === ('recoverStore' satisfies keyof Effects))
      for (const { pid, key, previous, probation } of (output as StoreFacts).routes)
        if (key !== null) this.#write({ pid, key, previous, probation });
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

  #write(route: RouteRecord): void {
    if (route.key === null) this.#files.delete(route.pid);
    else this.#files.set(route.pid, route);
  }
}

/** Processes go by their whole path, the Runner's own children by what comes after their kind. */
const nameOf = ({ machine, path }: ReplayedActor): string =>
  machine === 'process' ? path : path.slice(path.indexOf('/') + 1);
