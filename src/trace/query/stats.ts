import { GAP } from '../gap.js';
import type { TraceRecord } from '../schema.js';

export interface StateStats {
  readonly state: string;
  /** How often it was entered. */
  readonly entered: number;
  readonly durationMs: number;
}

export interface ActorStats {
  readonly actor: string;
  readonly machine: string;
  /** The last one known; null: the actor has ended. */
  readonly state: string | null;
  readonly records: number;
  /** Records that changed the state. */
  readonly transitions: number;
  readonly transitionsPerMinute: number;
  /** Processes that ended without being asked to: of a package, and of the process itself. */
  readonly losses: number;
  /** Processes started in place of a lost one. */
  readonly restarts: number;
  /** In the order they were first entered. */
  readonly states: readonly StateStats[];
}

export interface TraceStats {
  readonly records: number;
  /** Records that could not be written, or were lost: what happened in them counts nowhere. */
  readonly missing: number;
  readonly transitions: number;
  readonly transitionsPerMinute: number;
  readonly startedMs: number | null;
  readonly durationMs: number;
  /** In the order they began. */
  readonly actors: readonly ActorStats[];
}

interface Life {
  readonly actor: string;
  readonly machine: string;
  state: string | null;
  /** Records are missing since, and nothing was said of it: the state is the last one known. */
  isUnknown: boolean;
  sinceUs: number;
  records: number;
  transitions: number;
  losses: number;
  restarts: number;
  /** It was lost, and has not begun again. */
  wasLost: boolean;
  /** Predecessors whose end is not recorded yet: a successor may begin before. */
  endsAwaited: number;
  readonly states: Map<string, { entered: number; durationUs: number }>;
}

/** How long every actor was in each of its states, how often it moved, and how often processes were lost and replaced. */
export class StatsCounter {
  readonly #lives = new Map<string, Life>();
  #records = 0;
  #startedMs: number | null = null;
  #firstUs = 0;
  #lastUs = 0;
  #missing = 0;
  #afterGapUs = 0;

  add(record: TraceRecord): void {
    if (record.event === GAP) return this.#passOver(record);
    if (this.#records === 0) [this.#startedMs, this.#firstUs] = [record.timeMs, record.atUs];
    this.#records += 1;
    this.#lastUs = record.atUs;
    const life = this.#lifeOf(record);
    life.records += 1;
    if (record.machine === 'package' && record.event === 'process.ended') this.#countLoss(life, record);
    if (record.event === 'xstate.init') this.#begin(life);
    if (record.event === 'xstate.stop') this.#end(life, record.atUs);
    else if (life.state !== record.after) this.#leave(life, record.atUs, record.after);
  }

  /** @param isWanted those of whom it is said; everybody's records have to be added, as losses are told by others */
  stats(isWanted: (actor: string) => boolean = () => true): TraceStats {
    const lives = [...this.#lives.values()].filter(({ actor }) => isWanted(actor));
    const durationMs = (this.#lastUs - this.#firstUs) / 1000;
    const transitions = lives.reduce((sum, life) => sum + life.transitions, 0);
    return {
      records: lives.reduce((sum, life) => sum + life.records, 0),
      missing: this.#missing,
      transitions,
      transitionsPerMinute: perMinute(transitions, durationMs),
      startedMs: this.#startedMs,
      durationMs,
      actors: lives.map((life) => this.#statsOf(life)),
    };
  }

  /** Of a trace whose beginning rotation removed, an actor is met in the middle of its life. */
  #lifeOf({ actor, machine, before, atUs }: TraceRecord): Life {
    const known = this.#lives.get(actor);
    if (known?.isUnknown === true) {
      known.isUnknown = false;
      [known.state, known.sinceUs] = [before, this.#afterGapUs];
    }
    if (known !== undefined) return known;
    const life: Life = {
      ...{
        actor,
        machine,
        state: before,
        isUnknown: false,
        sinceUs: before === null ? atUs : this.#firstUs,
        records: 0,
      },
      ...{ transitions: 0, losses: 0, restarts: 0, wasLost: false, endsAwaited: 0, states: new Map() },
    };
    if (before !== null) life.states.set(before, { entered: 0, durationUs: 0 });
    this.#lives.set(actor, life);
    return life;
  }

  /** How long anybody was where in the meantime is not known. */
  #passOver({ data, atUs }: TraceRecord): void {
    this.#missing += Number(data['missing']);
    this.#afterGapUs = atUs;
    for (const life of this.#lives.values()) {
      if (life.state === null || life.isUnknown) continue;
      this.#charge(life, this.#lastUs);
      life.isUnknown = true;
      [life.endsAwaited, life.wasLost] = [0, false];
    }
  }

  #begin(life: Life): void {
    if (life.state !== null) life.endsAwaited += 1;
    if (life.wasLost) this.#countRestart(life);
  }

  #end(life: Life, atUs: number): void {
    if (life.endsAwaited === 0) this.#leave(life, atUs, null);
    else life.endsAwaited -= 1;
  }

  #countLoss(owner: Life, { actor, data }: TraceRecord): void {
    if (data['fault'] === null || data['fault'] === undefined) return;
    owner.losses += 1;
    const process = this.#lives.get(`${actor}/process/${Number(data['slot']) + 1}`);
    if (process === undefined) return;
    process.losses += 1;
    process.wasLost = true;
    // A restart without a pause is recorded before the loss that it answers.
    if (process.endsAwaited > 0) this.#countRestart(process);
  }

  #countRestart(process: Life): void {
    process.wasLost = false;
    process.restarts += 1;
    const owner = this.#lives.get(process.actor.replace(/\/process\/[^/]+$/, ''));
    if (owner !== undefined && owner !== process) owner.restarts += 1;
  }

  #leave(life: Life, atUs: number, next: string | null): void {
    this.#charge(life, atUs);
    if (next !== null) {
      const entered = life.states.get(next);
      if (entered === undefined) life.states.set(next, { entered: 1, durationUs: 0 });
      else entered.entered += 1;
      if (life.state !== null) life.transitions += 1;
    }
    life.state = next;
    life.sinceUs = atUs;
  }

  #charge({ state, states, sinceUs }: Life, atUs: number): void {
    if (state === null) return;
    const known = states.get(state) ?? { entered: 0, durationUs: 0 };
    known.durationUs += atUs - sinceUs;
    states.set(state, known);
  }

  #statsOf(life: Life): ActorStats {
    const { actor, machine, state, records, transitions, losses, restarts } = life;
    const states = [...life.states].map(([name, { entered, durationUs }]): StateStats => {
      const sofarUs = name === state && !life.isUnknown ? this.#lastUs - life.sinceUs : 0;
      return { state: name, entered, durationMs: (durationUs + sofarUs) / 1000 };
    });
    const aliveMs = states.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const transitionsPerMinute = perMinute(transitions, aliveMs);
    return { actor, machine, state, records, transitions, transitionsPerMinute, losses, restarts, states };
  }
}

export async function traceStats(records: AsyncIterable<TraceRecord>): Promise<TraceStats> {
  const counter = new StatsCounter();
  for await (const record of records) counter.add(record);
  return counter.stats();
}

const perMinute = (count: number, durationMs: number): number => (durationMs <= 0 ? 0 : (count * 60_000) / durationMs);
