import type { AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import { stateOf, Stepper } from '../../stepping/index.js';
import { GAP, STANDING } from '../../trace/index.js';
import type { TraceStanding } from '../../trace/index.js';
import { isWithin, parentOf } from '../chart/chart.js';
import type { Chart } from '../chart/chart.js';
import { readEventType, sayEvent } from '../chart/event-name.js';
import { pathOf, settle, transitionsOf } from '../chart/nodes.js';
import { readChart } from '../chart/read-chart.js';
import { snapshotAt } from './snapshot-at.js';
import type { Delivered, Visits } from './visits.js';

/**
 * Counts what the actors of one machine went through.
 *
 * A record says which state follows which, not which transition led there: that is found by stepping the machine over
 * the same events, guards included.
 */
export class Tally {
  readonly #stepper: Stepper;
  readonly #chart: Chart;
  readonly #indexOf: ReadonlyMap<AnyTransitionDefinition, number>;
  readonly #transitions: number[];
  /** `Running` of `Running.Restarting` is none: it is a state beside it. */
  readonly #compounds: ReadonlySet<string>;
  readonly #states = new Map<string, number>();
  readonly #actors = new Map<string, AnyMachineSnapshot | null>();
  #records = 0;
  #diverged = 0;
  #unclear = 0;

  constructor(machine: AnyStateMachine) {
    this.#stepper = Stepper.of(machine);
    this.#chart = readChart(machine);
    this.#compounds = new Set(this.#chart.states.flatMap(({ path, kind }) => (kind === 'atomic' ? [] : [path])));
    const all = transitionsOf(this.#stepper.machine);
    this.#indexOf = new Map(all.map((transition, index) => [transition, index]));
    this.#transitions = all.map(() => 0);
  }

  add(record: Delivered): void {
    const { actor, event, before, after } = record;
    if (event === STANDING) return this.#stand(record);
    if (event === 'xstate.stop' || event === GAP) return;
    this.#records += 1;
    const snapshot = before === null ? null : this.#actors.get(actor);
    if (snapshot === undefined || (snapshot === null && before !== null)) return this.#addUnseen(record);
    const step =
      snapshot === null
        ? this.#stepper.initial(record.data['input'])
        : this.#stepper.step(snapshot, { type: event, ...record.data });
    const first = before ?? pathOf(settle(this.#stepper.machine.root));
    if (before === null) this.#enter('', first);
    this.#follow(first, step.taken);
    const reached = stateOf(step.snapshot);
    if (reached !== after) {
      this.#diverged += 1;
      this.#enter(before ?? '', after);
    }
    this.#actors.set(
      actor,
      reached === after ? step.snapshot : snapshotAt(this.#stepper.machine, after, step.snapshot),
    );
  }

  /** It is met in the middle of its life. */
  #stand({ actor, before, data }: Delivered): void {
    const { context, children, effects } = data as unknown as TraceStanding;
    try {
      const ids = [...children, ...effects.map(([id]) => id)];
      this.#actors.set(actor, this.#stepper.restored(before ?? '', context, ids));
    } catch {
      this.#actors.set(actor, null); // today's machine has no such state
    }
  }

  get visits(): Visits {
    return {
      transitions: [...this.#transitions],
      states: Object.fromEntries(this.#states),
      records: this.#records,
      actors: [...this.#actors.keys()],
      diverged: this.#diverged,
      unclear: this.#unclear,
    };
  }

  #follow(from: string, taken: readonly AnyTransitionDefinition[]): void {
    let at = from;
    for (const transition of taken) {
      const index = this.#indexOf.get(transition);
      if (index === undefined) continue;
      this.#transitions[index] = (this.#transitions[index] ?? 0) + 1;
      const target = transition.target?.[0];
      if (target === undefined) continue;
      const to = pathOf(settle(target));
      this.#enter(at, to);
      at = to;
    }
  }

  /** Its actor began before the history does: what it knew is not known. */
  #addUnseen({ actor, event, before, after }: Delivered): void {
    this.#actors.set(actor, null);
    const from = before ?? '';
    const said = sayEvent(readEventType(event));
    const candidates = this.#chart.transitions.filter(
      (one) => (one.from === null || isWithin(from, one.from)) && one.event === said && (one.enters ?? from) === after,
    );
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1)
      this.#transitions[only.index] = (this.#transitions[only.index] ?? 0) + 1;
    else if (candidates.length > 0) this.#unclear += 1;
    if (from !== after) this.#enter(from, after);
  }

  /** The state, and those it is a part of as far as they are entered with it. */
  #enter(from: string, to: string): void {
    this.#count(to);
    for (let outer = parentOf(to); outer !== null && !isWithin(from, outer); outer = parentOf(outer))
      if (this.#compounds.has(outer)) this.#count(outer);
  }

  #count(path: string): void {
    this.#states.set(path, (this.#states.get(path) ?? 0) + 1);
  }
}
