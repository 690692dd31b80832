import { StateMachine } from 'xstate';
import type { AnyEventObject, AnyMachineSnapshot } from 'xstate';
import { MACHINES } from '../../machines/index.js';
import type { RouteChange, RouteRecord, StoreFacts } from '../../machines/index.js';
import type { Seen, Shown, SystemView } from '../../machines/invariants/index.js';
import type { TraceRecord } from '../trace/index.js';
import { stateOf, Stepper } from '../model/index.js';
import type { Act, Step } from '../model/index.js';

interface Actor {
  readonly path: string;
  readonly stepper: Stepper;
  snapshot: AnyMachineSnapshot;
  /** Effects under way, by id. */
  readonly effects: Map<string, { readonly src: string; readonly input: unknown }>;
}

/** A record that does not lead where the machines lead (architecture, invariant 14). */
export interface Divergence {
  readonly seq: number;
  readonly actor: string;
  readonly event: string;
  readonly recorded: string;
  readonly reached: string;
}

/**
 * The machines stepped over a recorded history: what every actor knew at every moment, found again from its events.
 *
 * INVARIANTS
 * - Nothing is decided here: a state that differs from the recorded one is a divergence, and the machine's own goes on.
 * - Between two outside events nothing is on its way: what an actor sent was delivered, or its receiver is gone.
 */
export class ReplayedSystem {
  readonly divergences: Divergence[] = [];
  readonly #actors = new Map<string, Actor>();
  readonly #files = new Map<string, RouteRecord>();
  /** A successor may begin under the same name before the end of its predecessor is recorded. */
  readonly #replaced = new Map<string, Actor>();
  /** Deliveries that were sent and not yet recorded; negative where a child's start is recorded before its cause. */
  readonly #onTheWay = new Map<string, number>();
  #seen: Seen[] = [];
  #nowMs = 0;

  /** @returns what one outside event set off, once all of it has been processed; null while something is on its way */
  take(record: TraceRecord): readonly Seen[] | null {
    this.#nowMs = record.atUs / 1000;
    const event: AnyEventObject = { type: record.event, ...record.data };
    const key = `${record.actor} ${record.event}`;
    const begins = record.event === 'xstate.init';
    const isCaused = begins ? record.actor !== 'runner' : this.#onTheWay.has(key);
    if (isCaused) this.#count(key, -1);
    if (begins) this.#begin(record, event);
    else if (record.event === 'xstate.stop') this.#end(record.actor);
    else this.#step(record, event);
    if (this.#onTheWay.size > 0) return null;
    const seen = this.#seen;
    this.#seen = [];
    return seen;
  }

  view(lateMs: number): SystemView {
    const all = <Context>(machine: string, nameOf: (path: string) => string) =>
      new Map(
        [...this.#actors.values()].flatMap((actor) =>
          actor.stepper.machine.id === machine ? [[nameOf(actor.path), shown<Context>(actor.snapshot)]] : [],
        ),
      );
    const afterSlash = (path: string): string => path.slice(path.indexOf('/') + 1);
    const runner = this.#actors.get('runner');
    if (runner === undefined) throw new Error('the trace does not begin with the Runner');
    return {
      ...{ nowMs: this.#nowMs, lateMs, runner: shown(runner.snapshot), files: this.#files },
      packages: all('package', afterSlash),
      routes: all('route', afterSlash),
      changeovers: all('changeover', afterSlash),
      processes: all('process', (path) => path),
    };
  }

  #begin(record: TraceRecord, event: AnyEventObject): void {
    const machine = MACHINES.find(({ id }) => id === record.machine);
    if (machine === undefined) throw new Error(`the trace names a machine "${record.machine}" that does not exist`);
    const stepper = Stepper.of(machine);
    const step = stepper.initial(event['input']);
    const actor: Actor = { path: record.actor, stepper, snapshot: step.snapshot, effects: new Map() };
    const predecessor = this.#actors.get(record.actor);
    if (predecessor !== undefined) this.#replaced.set(record.actor, predecessor);
    this.#actors.set(record.actor, actor);
    this.#note(actor, record, event, null, step);
  }

  #step(record: TraceRecord, event: AnyEventObject): void {
    const actor = this.#actors.get(record.actor);
    if (actor === undefined) throw new Error(`record ${record.seq} is of ${record.actor}, which never began`);
    this.#settle(actor, event);
    const before = actor.snapshot;
    const step = actor.stepper.step(before, event);
    actor.snapshot = step.snapshot;
    this.#note(actor, record, event, before, step);
  }

  #note(actor: Actor, record: TraceRecord, event: AnyEventObject, before: AnyMachineSnapshot | null, step: Step): void {
    const reached = stateOf(step.snapshot);
    if (reached !== record.after) {
      const { seq, after: recorded } = record;
      this.divergences.push({ seq, actor: actor.path, event: event.type, recorded, reached });
    }
    this.#seen.push({
      ...{ what: 'delivered', machine: actor.stepper.machine.id, actor: actor.path, event },
      ...{ before: before === null ? null : shown(before), after: shown(step.snapshot) },
    } as unknown as Seen);
    for (const act of step.acts) this.#act(actor, act);
  }

  #act(actor: Actor, act: Act): void {
    switch (act.act) {
      case 'send':
        return this.#send(actor, act.child, act.event);
      case 'report':
        return this.#expect(parentOf(actor.path), act.event.type);
      case 'emit':
        return void this.#seen.push({
          ...{ what: 'emitted', machine: actor.stepper.machine.id, actor: actor.path, event: act.event },
        } as unknown as Seen);
      case 'spawn':
        return this.#spawn(actor, act.child, act.src, act.input);
      case 'stop':
        return this.#stop(actor, act.child);
      case 'arm':
      case 'cancel':
        return;
    }
  }

  #send(actor: Actor, child: string, event: AnyEventObject): void {
    if (actor.effects.get(child)?.src === 'runOsProcess')
      return void this.#seen.push({ what: 'asked', actor: actor.path, command: event } as unknown as Seen);
    this.#expect(pathOf(actor, child), event.type);
  }

  #spawn(actor: Actor, child: string, src: string, input: unknown): void {
    const isMachine = actor.stepper.original.implementations.actors[src] instanceof StateMachine;
    if (isMachine) this.#count(`${pathOf(actor, child)} xstate.init`, 1);
    else actor.effects.set(child, { src, input });
  }

  #stop(actor: Actor, child: string): void {
    if (!actor.effects.delete(child)) this.#expect(pathOf(actor, child), 'xstate.stop');
  }

  #end(path: string): void {
    const replaced = this.#replaced.get(path);
    const actor = replaced ?? this.#actors.get(path);
    if (actor === undefined) return; // it ended with its parent
    this.#replaced.delete(path);
    if (replaced === undefined) this.#forget(path);
    const gone = stateOf(actor.snapshot) === 'Stopped';
    const left = [...actor.effects].flatMap(([id, { src }]) =>
      src === 'runOsProcess' && gone ? [] : [`${path}/${id}`],
    );
    this.#seen.push({ what: 'ended', actor: path, left });
  }

  #forget(path: string): void {
    for (const other of [...this.#actors.keys()]) if (parentOf(other) === path) this.#end(other);
    this.#actors.delete(path);
    for (const key of [...this.#onTheWay.keys()]) if (key.startsWith(`${path} `)) this.#onTheWay.delete(key);
  }

  /** An effect has answered: what it did is what the store holds now. */
  #settle(actor: Actor, { type, ...payload }: AnyEventObject): void {
    const [, how, id = ''] = /^xstate\.(done|error)\.actor\.(.*)$/.exec(type) ?? [];
    const effect = how === undefined ? undefined : actor.effects.get(id);
    if (effect === undefined) return;
    actor.effects.delete(id);
    if (how === 'error') return;
    if (effect.src === 'commitRoutes') for (const route of (effect.input as RouteChange).routes) this.#write(route);
    if (effect.src === 'recoverStore')
      for (const { pid, key, previous, probation } of (payload['output'] as StoreFacts).routes)
        if (key !== null) this.#write({ pid, key, previous, probation });
  }

  #write(route: RouteRecord): void {
    if (route.key === null) this.#files.delete(route.pid);
    else this.#files.set(route.pid, route);
  }

  #expect(path: string, type: string): void {
    if (this.#actors.has(path)) this.#count(`${path} ${type}`, 1);
  }

  #count(key: string, by: number): void {
    const count = (this.#onTheWay.get(key) ?? 0) + by;
    if (count === 0) this.#onTheWay.delete(key);
    else this.#onTheWay.set(key, count);
  }
}

const shown = <Context>(snapshot: AnyMachineSnapshot): Shown<Context> => ({
  state: stateOf(snapshot),
  context: snapshot.context as Context,
});

const pathOf = ({ path }: Actor, child: string): string => (path === 'runner' ? child : `${path}/${child}`);

/** `package/x@1` belongs to the Runner, `package/x@1/process/1` to `package/x@1`, its heartbeat to it. */
function parentOf(path: string): string {
  if (path === 'runner') return '';
  const parts = path.split('/');
  if (parts.at(-1) === 'heartbeat') return parts.slice(0, -1).join('/');
  return parts.length <= 2 ? 'runner' : parts.slice(0, -2).join('/');
}
