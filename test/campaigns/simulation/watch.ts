import type { AnyActorRef, AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { INVARIANTS, nameInView } from '../../../machines/invariants/index.js';
import type { Invariant, Seen, Shown, SystemView } from '../../../machines/invariants/index.js';
import type { OsCommand, RouteRecord } from '../../../machines/index.js';
import { stateName } from '../../../src/trace/index.js';

/** A sentence that should not be true, and when it came to light. */
export interface Violation {
  /** `invariant 5`, `promises`, `store`, … */
  readonly rule: string;
  readonly what: string;
  readonly atMs: number;
}

interface Scope {
  readonly self: AnyActorRef;
}
interface Logic {
  getInitialSnapshot(scope: Scope, input: unknown): AnyMachineSnapshot;
  transition(snapshot: AnyMachineSnapshot, event: AnyEventObject, scope: Scope): AnyMachineSnapshot;
}

/** Parts of a view that judgements are made from, a bit each. */
const RUNNER = 1;
const PACKAGES = 2;
const ROUTES = 4;
const CHANGEOVERS = 8;
const PROCESSES = 16;
const FILES = 32;
const PART_OF: Readonly<Record<string, number>> = {
  runner: RUNNER,
  package: PACKAGES,
  route: ROUTES,
  changeover: CHANGEOVERS,
  process: PROCESSES,
};
/** The one invariant that can be broken by time alone. */
const SILENCE = 10;

interface Followed {
  readonly path: string;
  readonly machine: string;
  readonly place: Map<string, Shown<never>> | null;
  readonly name: string;
  readonly part: number;
  shown: Shown<never>;
}

/** Where time is simulated, no timer is late. */
const LATE_MS = 0;

/**
 * Looks on at one Runner: every delivery, and after each outside event every invariant of the architecture.
 *
 * INVARIANTS
 * - The view is kept, not built: a delivery replaces what one actor shows.
 * - An invariant is judged anew when something happened that it hears, or what it looks at shows something else.
 * - `happened` is in processing order, what an actor emits after the delivery that made it do so.
 */
export class Watch {
  deliveries = 0;
  /** Commands to operating-system processes. */
  commands = 0;
  /** Something happened that promises may be waiting for. */
  stirred = false;
  readonly met = new Set<number>();
  readonly files = new Map<string, RouteRecord>();
  readonly #nowMs: () => number;
  readonly #leftBy: (actor: AnyActorRef, path: string) => readonly string[];
  readonly #report: (violation: Violation) => void;
  readonly #followed = new WeakMap<AnyActorRef, Followed>();
  readonly #memories = INVARIANTS.map(({ start }) => start);
  readonly #packages = new Map<string, Shown<never>>();
  readonly #routes = new Map<string, Shown<never>>();
  readonly #changeovers = new Map<string, Shown<never>>();
  readonly #processes = new Map<string, Shown<never>>();
  readonly #view: SystemView;
  /** What of the view each invariant has ever looked at. */
  readonly #looks = new Uint8Array(INVARIANTS.length).fill(255);
  #runner: Shown<never> | undefined;
  #looking = 0;
  #changed = 255;
  #seen: Seen[] = [];
  #depth = 0;

  /** @param leftBy names what of an actor is still under way */
  constructor(
    nowMs: () => number,
    leftBy: (actor: AnyActorRef, path: string) => readonly string[],
    report: (violation: Violation) => void,
  ) {
    this.#nowMs = nowMs;
    this.#leftBy = leftBy;
    this.#report = report;
    this.#view = this.#viewed();
  }

  /** One event from outside, and all that follows from it. */
  outside(work: () => void): void {
    this.#depth += 1;
    try {
      work();
    } finally {
      this.#depth -= 1;
    }
    if (this.#depth === 0 && this.#seen.length > 0) this.#judge();
  }

  asked(actor: string, command: OsCommand): void {
    this.commands += 1;
    this.#seen.push({ what: 'asked', actor, command });
  }

  filesChanged(): void {
    this.#changed |= FILES;
  }

  /** Everything has come to its end: what is left undone? */
  rest(): void {
    for (const [i, { number, atRest }] of INVARIANTS.entries())
      for (const what of atRest?.(this.#memories[i], this.#view) ?? []) this.#blame(number, what);
  }

  traced<M extends AnyStateMachine>(machine: M): M {
    const logic = machine as unknown as Logic;
    const watched: Logic = {
      getInitialSnapshot: (scope, input) => {
        const snapshot = logic.getInitialSnapshot(scope, input);
        this.#begin(scope.self, machine.id, snapshot, input);
        return snapshot;
      },
      transition: (snapshot, event, scope) => {
        if (event.type === 'xstate.stop') {
          this.deliveries += 1;
          this.#end(scope.self);
          return logic.transition(snapshot, event, scope);
        }
        const at = this.#seen.length;
        const next = logic.transition(snapshot, event, scope);
        this.#delivered(scope.self, event, snapshot, next, at);
        return next;
      },
    };
    return Object.assign(Object.create(machine) as M, watched);
  }

  #begin(actor: AnyActorRef, machine: string, snapshot: AnyMachineSnapshot, input: unknown): void {
    const path = pathOf(actor);
    const shown = showing(snapshot);
    const place = this.#placeOf(machine);
    const name = nameInView(machine, path);
    const part = PART_OF[machine] ?? 0;
    this.#changed |= part;
    this.#followed.set(actor, { path, machine, place, name, part, shown });
    place?.set(name, shown);
    if (machine === 'runner') this.#runner = shown;
    this.deliveries += 1;
    this.#seen.push({
      ...{ what: 'delivered', machine, actor: path, event: { type: 'xstate.init', input } },
      ...{ before: null, after: shown },
    } as unknown as Seen);
    if (machine === 'heartbeat' || machine === 'process') return;
    actor.on('*', (event: AnyEventObject) => {
      this.stirred = true;
      this.#seen.push({ what: 'emitted', machine, actor: path, event } as unknown as Seen);
    });
    // Whatever reaches an actor through this door comes from outside: actors reach each other by another one.
    const { send } = actor;
    actor.send = (event) => this.outside(() => send(event));
  }

  #delivered(
    actor: AnyActorRef,
    event: AnyEventObject,
    before: AnyMachineSnapshot,
    after: AnyMachineSnapshot,
    at: number,
  ): void {
    const followed = this.#followed.get(actor);
    if (followed === undefined) return;
    this.deliveries += 1;
    const { shown } = followed;
    if (after !== before) {
      followed.shown = showing(after);
      if (showsElse(shown, followed.shown, followed.part)) this.#changed |= followed.part;
      if (followed.machine === 'runner') {
        this.#runner = followed.shown;
        this.stirred = true;
      } else if (followed.place?.get(followed.name) === shown) followed.place.set(followed.name, followed.shown);
      if (followed.machine === 'route') this.stirred = true;
    }
    const { machine, path } = followed;
    const delivered = { what: 'delivered', machine, actor: path, event, before: shown, after: followed.shown };
    // What it emitted was emitted meanwhile; it comes after.
    if (this.#seen.length === at) this.#seen.push(delivered as unknown as Seen);
    else this.#seen.splice(at, 0, delivered as unknown as Seen);
  }

  #end(actor: AnyActorRef): void {
    const followed = this.#followed.get(actor);
    if (followed === undefined) return;
    const { path, place, name, part, shown } = followed;
    this.#changed |= part;
    // A successor may have taken the place already.
    if (place?.get(name) === shown) place.delete(name);
    this.#seen.push({ what: 'ended', actor: path, left: this.#leftBy(actor, path) });
  }

  #judge(): void {
    const happened = this.#seen;
    const changed = this.#changed;
    this.#seen = [];
    this.#changed = 0;
    for (let i = 0; i < INVARIANTS.length; i++) {
      const invariant = INVARIANTS[i] as (typeof INVARIANTS)[number];
      const heard = heardOf(happened, invariant);
      const sees = ((this.#looks[i] as number) & changed) !== 0 || invariant.number === SILENCE;
      if (heard.length === 0 && !sees) continue;
      this.#looking = 0;
      const { memory, wrong, met } = invariant.watch(this.#memories[i], heard, this.#view);
      this.#looks[i] = this.#looks[i] === 255 ? this.#looking : (this.#looks[i] as number) | this.#looking;
      this.#memories[i] = memory;
      if (met) this.met.add(invariant.number);
      for (const what of wrong) this.#blame(invariant.number, what);
    }
  }

  /** The view as invariants get it; it notes what they look at. */
  #viewed(): SystemView {
    const look = <T>(part: number, at: T): T => {
      this.#looking |= part;
      return at;
    };
    const [nowMs, runner] = [this.#nowMs, (): Shown<never> => look(RUNNER, this.#runner as Shown<never>)];
    const [packages, routes] = [this.#packages, this.#routes];
    const [changeovers, processes, files] = [this.#changeovers, this.#processes, this.files];
    return {
      lateMs: LATE_MS,
      get nowMs() {
        return nowMs();
      },
      get runner() {
        return runner();
      },
      get packages() {
        return look(PACKAGES, packages);
      },
      get routes() {
        return look(ROUTES, routes);
      },
      get changeovers() {
        return look(CHANGEOVERS, changeovers);
      },
      get processes() {
        return look(PROCESSES, processes);
      },
      get files() {
        return look(FILES, files);
      },
    };
  }

  #blame(number: number, what: string): void {
    this.#report({ rule: `invariant ${number}`, what, atMs: this.#nowMs() });
  }

  #placeOf(machine: string): Map<string, Shown<never>> | null {
    if (machine === 'package') return this.#packages;
    if (machine === 'process') return this.#processes;
    if (machine === 'route') return this.#routes;
    return machine === 'changeover' ? this.#changeovers : null;
  }
}

/** Made only when there is something in it: most of what happens concerns one or two invariants. */
function heardOf(happened: readonly Seen[], invariant: Invariant): readonly Seen[] {
  let heard: Seen[] | undefined;
  for (let i = 0; i < happened.length; i++) {
    const seen = happened[i] as Seen;
    if (!invariant.hears(seen)) continue;
    if (heard === undefined) heard = [seen];
    else heard.push(seen);
  }
  return heard ?? NOTHING;
}

const NOTHING: readonly Seen[] = [];

/** Of packages and processes nothing but their state and fault is looked at unheard. */
function showsElse(before: Shown<never>, after: Shown<never>, part: number): boolean {
  if (before.state !== after.state) return true;
  if ((part & (PACKAGES | PROCESSES)) === 0) return before.context !== after.context;
  return (before.context as { fault?: unknown }).fault !== (after.context as { fault?: unknown }).fault;
}

const showing = ({ value, context }: AnyMachineSnapshot): Shown<never> => ({
  state: stateName(value),
  context: context as never,
});

/** As traces name it: ids from the Runner's children down. */
export function pathOf(actor: AnyActorRef): string {
  const parent = actor._parent;
  if (parent === undefined) return 'runner';
  return parent._parent === undefined ? actor.id : `${pathOf(parent)}/${actor.id}`;
}
