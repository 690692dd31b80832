import type { AnyEventObject, AnyStateMachine } from 'xstate';
import { MACHINES, isFromAnotherMachine } from '../../machines/index.js';
import type { Seen, SystemView } from '../../machines/index.js';
import { STANDING } from '../trace/index.js';
import type { TraceRecord } from '../trace/index.js';
import type { Act, Step } from '../stepping/index.js';
import { Births } from './pending-spawns.js';
import { Differences } from './differences.js';
import { disarm, settle, whyNotDue } from './due.js';
import type { Divergence } from './divergence.js';
import { ReplayedActor } from './replayed-actor.js';
import type { Born, StepTaken } from './replayed-actor.js';
import { ReplayedView } from './replayed-view.js';
import { RunToCompletion, STOP } from './run-to-completion.js';
import type { Awaited } from './run-to-completion.js';
import { isSameData } from './same-data.js';
import { isFromTimer, isNeverAtOnce } from './sources.js';
import { restored } from './restored.js';
import { stepOver } from './step-over.js';
import { Steppers } from './steppers.js';

type Taken = Pick<Step, 'acts' | 'taken'>;
const NOTHING: Taken = { acts: [], taken: [] };

/**
 * The machines stepped over a recorded history: what every actor knew at every moment, found again from its events.
 *
 * INVARIANTS
 * - Nothing is decided here: if the machines lead elsewhere than the record, that is a divergence, and the record counts
 *   from there on.
 * - What an actor sends is recorded before anything else, and nothing is recorded that no actor sent, except events from
 *   outside, each kind only when it can come.
 * - It keeps what lives and the step under way, nothing of the past.
 */
export class ReplayedSystem {
  /** Told of every divergence. */
  onDivergence: (divergence: Divergence) => void = () => undefined;
  readonly #steppers: Steppers;
  readonly #actors = new Map<string, ReplayedActor>();
  readonly #view = new ReplayedView();
  readonly #order: RunToCompletion;
  readonly #differences = new Differences((found) => this.onDivergence(found));
  readonly #births = new Births();
  readonly #seen: Seen[] = [];
  #nowMs = 0;
  /** While the machines do not follow the record, what they would send is unknown. */
  #isLost = false;
  #last: Taken = NOTHING;
  /** @param machines today's, or those of another build */
  constructor(machines: readonly AnyStateMachine[] = MACHINES) {
    this.#steppers = new Steppers(machines);
    this.#order = new RunToCompletion({
      emitted: (actor, event) => this.#note({ what: 'emitted', machine: actor.machine, actor: actor.path, event }),
      asked: (actor, command) => this.#note({ what: 'asked', actor: actor.path, command }),
      started: (by, path, input, born) => this.#started(by, path, input, born),
      ended: (actor) => this.#forget(actor),
    });
  }

  /** Living actors by path. */
  get actors(): ReadonlyMap<string, ReplayedActor> {
    return this.#actors;
  }

  /** What the actor of the last record asked for. */
  get lastActs(): readonly Act[] {
    return this.#last.acts;
  }

  /** The transitions it took. */
  get lastTaken(): Step['taken'] {
    return this.#last.taken;
  }

  view(lateMs: number): SystemView {
    return this.#view.at(this.#nowMs, lateMs);
  }

  /**
   * @returns what one outside event set off, once all of it has been processed; null while something is on its way
   * @throws when there is no such machine to step
   */
  take(record: TraceRecord): readonly Seen[] | null {
    this.#nowMs = record.atUs / 1000;
    this.#last = NOTHING;
    if (record.event === STANDING) this.#restore(record);
    else if (record.event === 'xstate.init') this.#begin(record);
    else this.#receive(record, { type: record.event, ...record.data });
    if (!this.#births.isEmpty || this.#order.next() !== null) return null;
    return this.#seen.splice(0);
  }

  /** Ends the history: a Runner that closed must have no delivery outstanding. */
  finish(last: TraceRecord): void {
    const awaited = this.#actors.get('runner')?.snapshot.status === 'active' ? null : this.#order.next();
    if (awaited !== null && !this.#isLost) this.#differences.missing(last, awaited, 'the trace ends');
  }

  #begin(record: TraceRecord): void {
    const stepper = this.#steppers.of(record.machine);
    const { input } = record.data;
    const step = stepper.initial(input);
    const actor = new ReplayedActor(record.actor, stepper, step.snapshot);
    const acts = this.#differences.ofBegin(record, actor, step);
    this.#last = { acts, taken: step.taken };
    const born: Born = {
      ...{ actor, input, acts },
      ...{ seq: record.seq, atUs: record.atUs },
      born: this.#births.claim(acts, actor),
    };
    if (record.actor.includes('/') || this.#actors.size > 0) return this.#births.add(born);
    this.#enter(born, record);
    const begun = { actor, seq: record.seq, atUs: record.atUs, event: { type: record.event, input }, before: null };
    this.#order.begin(begun, acts, born.born);
  }

  /** It stands there, with whoever began it before it. */
  #restore(record: TraceRecord): void {
    const actor = restored(record, this.#steppers.of(record.machine), this.#actors);
    this.#actors.set(actor.path, actor);
    this.#view.show(actor);
  }

  #started(by: StepTaken, path: string, input: unknown, born: readonly Born[]): Born | undefined {
    const begun = born.find(({ actor }) => actor.path === path);
    if (begun === undefined) {
      if (!this.#isLost) this.#differences.neverBegan(by, path);
      return undefined;
    }
    if (!isSameData(begun.input, input)) this.#differences.ofInput(by, begun, input);
    this.#enter(begun, begun);
    return begun;
  }

  #enter({ actor, input }: Born, { seq, atUs }: { readonly seq: number; readonly atUs: number }): void {
    this.#actors.set(actor.path, actor);
    this.#view.show(actor);
    const event = { type: 'xstate.init', input };
    this.#differences.remember({ actor, seq, atUs, event, before: null });
    this.#noteDelivery(actor, event, null);
  }

  #receive(record: TraceRecord, event: AnyEventObject): void {
    for (;;) {
      const awaited = this.#order.next();
      if (awaited?.actor.path === record.actor && awaited.sent.event.type === record.event)
        return this.#deliverAwaited(record, event, awaited);
      const actor = this.#actors.get(record.actor);
      if (awaited === null || this.#isOutOfTurn(record, event, actor, awaited))
        return this.#deliverUnawaited(record, event, actor, awaited);
      if (!this.#isLost) this.#differences.missing(record, awaited);
      this.#order.settle(awaited);
    }
  }

  /** It is not among what is awaited: no actor sends it, or only one that listens may have. */
  #isOutOfTurn(
    { atUs }: TraceRecord,
    event: AnyEventObject,
    actor: ReplayedActor | undefined,
    awaited: Awaited,
  ): boolean {
    if (actor === undefined) return true;
    const { machine } = actor;
    if (isFromAnotherMachine(machine, event)) return !this.#order.isAhead(actor, event.type);
    if (event.type.startsWith('xstate.') || isFromTimer(machine, event.type))
      return whyNotDue(event, actor, atUs) !== null;
    if (!this.#order.isFree(actor) || isNeverAtOnce(event.type)) return false;
    return awaited.actor !== actor || (awaited.wasQueued && machine !== 'process');
  }

  #deliverAwaited(record: TraceRecord, event: AnyEventObject, awaited: Awaited): void {
    const { type: _sent, ...sent } = awaited.sent.event;
    if (!isSameData(record.data, sent)) this.#differences.ofData(record, awaited);
    this.#order.settle(awaited);
    this.#deliver(record, event, awaited.actor);
  }

  #deliverUnawaited(
    record: TraceRecord,
    event: AnyEventObject,
    actor: ReplayedActor | undefined,
    awaited: Awaited | null,
  ): void {
    const isStray = actor === undefined || isFromAnotherMachine(actor.machine, event);
    const reason = isStray ? 'nobody sends it' : whyNotDue(event, actor, record.atUs);
    if (reason !== null && !this.#isLost && actor?.isVague !== true)
      this.#differences.unexpected(record, actor, isStray && awaited !== null ? received(awaited) : reason);
    if (actor === undefined) return;
    disarm(event, actor);
    if (awaited === null && reason === null) {
      this.#differences.forget();
      this.#isLost = false;
    }
    this.#deliver(record, event, actor);
  }

  #deliver(record: TraceRecord, event: AnyEventObject, actor: ReplayedActor): void {
    if (record.event === STOP) return this.#end(record, actor);
    const done = settle(event, actor);
    if (done !== null) this.#view.settle(done.src, done.input, event['output']);
    const shown = actor.shown;
    const step: StepTaken = { actor, seq: record.seq, atUs: record.atUs, event, before: actor.snapshot };
    this.#differences.remember(step);
    const { acts, taken, isLost, isDone, ends } = stepOver(record, step, this.#differences, this.#births.paths);
    this.#isLost ||= isLost;
    this.#last = { acts, taken };
    this.#view.show(actor);
    this.#noteDelivery(actor, event, shown);
    if (isDone) this.#note({ what: 'ended', actor: actor.path, left: actor.left });
    const born = this.#births.claim(acts, actor);
    for (const stray of this.#births.strays()) this.#adopt(stray);
    this.#order.begin(step, acts, born, ends);
  }

  /** Its beginning is recorded although no actor started it; it is kept all the same. */
  #adopt(born: Born): void {
    if (!this.#isLost) this.#differences.strayBegin(born);
    const parent = [...this.#actors.values()].find((actor) => born.actor.path.startsWith(actor.pathOf('')));
    born.actor.parent = parent ?? null;
    born.actor.isVague = true;
    this.#enter(born, born);
  }

  #end({ seq, atUs }: TraceRecord, actor: ReplayedActor): void {
    this.#note({ what: 'ended', actor: actor.path, left: actor.left });
    const acts = [...actor.children.keys()].map((child) => ({ act: 'stop', child }) as const);
    this.#last = { acts, taken: [] };
    this.#order.begin({ actor, seq, atUs, event: { type: STOP }, before: actor.snapshot }, acts, [], true);
  }

  #forget(actor: ReplayedActor): void {
    // A successor may have taken the place already.
    if (this.#actors.get(actor.path) !== actor) return;
    this.#actors.delete(actor.path);
    this.#view.hide(actor);
  }

  #noteDelivery(actor: ReplayedActor, event: AnyEventObject, before: ReplayedActor['shown'] | null): void {
    const { machine, path, shown: after } = actor;
    this.#note({ what: 'delivered', machine, actor: path, event, before, after });
  }

  #note(seen: object): void {
    this.#seen.push(seen as Seen);
  }
}

const received = ({ actor, sent }: Awaited): string => `${actor.path} receives ${sent.event.type}`;
