import { runnerOn } from '../../../src/runner/runner.js';
import type { Runner } from '../../../src/runner/runner.js';
import type { RunnerOptions } from '../../../src/runner/options/options.js';
import { SimulatedClock } from './clock.js';
import { MINIMA } from './day-report.js';
import type { DayOptions, DayReport } from './day-report.js';
import { SimulatedDisk } from './disk.js';
import { Draws } from './draws.js';
import { PROCESS_FAULTS } from './fault-kinds.js';
import type { FaultKind, ProcessFault } from './fault-kinds.js';
import { HashRecorder } from './hash-recorder.js';
import { simulatedHost } from './host.js';
import type { SimulatedHost } from './host.js';
import { LAST_ACTS, LAST_WISHES } from './last-wishes.js';
import { leftOf } from './left-over.js';
import { carryOut } from './operator.js';
import type { Deeds, Post } from './operator.js';
import type { Act, DayPlan, PlannedAct } from './plan.js';
import { PIDS } from './catalogue.js';
import { unlikeStore } from './recovered.js';
import { settingsOf } from './settings.js';
import { passTime } from './pass-time.js';
import { Troubles } from './troubles.js';
import type { Violation } from './watch.js';

const VIOLATIONS_MAX = 20;
/** Nothing of a Runner takes longer to end than this. */
const CLOSING_MS = 10 * 60_000;
const TOP_UPS_MAX = 60;
const TOP_UP_MS = 8_000;

/** What would end the host's process. */
const CRASHES = ['uncaughtException', 'unhandledRejection'] as const;
/** One site's day, from the first start of its Runner to its end. */
export class Day {
  readonly #plan: DayPlan;
  readonly #options: DayOptions;
  readonly #settings: RunnerOptions;
  readonly #time = new SimulatedClock(Date.UTC(2026, 0, 5, 6));
  readonly #disk: SimulatedDisk;
  readonly #draws: Draws;
  readonly #troubles = new Troubles();
  readonly #violations: Violation[] = [];
  readonly #deeds: Deeds = { changes: new Map(), mistakes: new Map(), refusals: new Map() };
  readonly #outcomes = new Map<string, number>();
  readonly #hashes: string[] = [];
  readonly #met = new Set<number>();
  /** Acts of the present host that are not over. */
  #open = new Set<string>();
  /** No fault strikes any more. */
  #isQuiet = false;
  #deliveries = 0;
  #commands = 0;
  #starts = 0;
  #host: SimulatedHost | null = null;
  #runner: Runner | null = null;

  constructor(plan: DayPlan, options: DayOptions = {}) {
    this.#plan = plan;
    this.#options = options;
    this.#settings = settingsOf(plan.seed);
    this.#disk = options.disk?.() ?? new SimulatedDisk();
    this.#draws = new Draws(plan.seed);
  }

  async live(): Promise<DayReport> {
    const crashed = (error: unknown): void =>
      void this.#blame('crash', error instanceof Error ? (error.stack ?? error.message) : String(error));
    for (const event of CRASHES) process.on(event, crashed);
    try {
      return await this.#live();
    } finally {
      for (const event of CRASHES) process.off(event, crashed);
    }
  }

  async #live(): Promise<DayReport> {
    for (const planned of this.#plan.acts)
      if (planned.atMs < this.#plan.endMs) this.#time.setTimeout(() => this.#act(planned), planned.atMs);
    this.#time.setTimeout(() => undefined, this.#plan.endMs);
    this.#boot();
    await this.#until(() => this.#time.nowMs() >= this.#plan.endMs || this.#isBroken);
    if (this.#options.shortened !== true) await this.#topUp();
    this.#troubles.calm();
    this.#isQuiet = true;
    await this.#close();
    // XState throws what nobody caught at the host, a moment later.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return this.#report();
  }

  get #isBroken(): boolean {
    return this.#violations.length > 0;
  }

  get #calls(): number {
    let sum = 0;
    for (const [outcome, times] of this.#allOutcomes()) if (outcome !== 'refused') sum += times;
    return sum;
  }

  #allOutcomes(): Map<string, number> {
    const all = new Map(this.#outcomes);
    for (const [outcome, times] of this.#host?.calls.outcomes ?? []) all.set(outcome, (all.get(outcome) ?? 0) + times);
    return all;
  }

  #until(done: () => boolean): Promise<void> {
    return passTime(this.#time, {
      watch: () => this.#host?.watch,
      done,
      stuck: () => this.#blame('time', 'nothing is left that could happen'),
    });
  }

  #boot(): void {
    const start = ++this.#starts;
    const recorder = this.#options.recorderFor?.(start, this.#time) ?? new HashRecorder(() => this.#time.nowMs());
    const host = simulatedHost({
      ...{ time: this.#time, disk: this.#disk, troubles: this.#troubles, options: this.#settings, start, recorder },
      draws: this.#draws.fork(`host ${start}`),
      machines: this.#options.machines,
      report: (violation) => this.#note(violation),
    });
    host.calls.onSettled = (twice, callId) => {
      if (twice) this.#blame('promises', `call ${callId} was settled twice`);
    };
    this.#host = host;
    this.#runner = null;
    this.#open = new Set();
    runnerOn(host.host, this.#settings).then(
      (runner) => {
        if (this.#host !== host) return;
        this.#runner = runner;
        for (const what of unlikeStore(runner, host.host, this.#disk)) this.#blame('store', what);
      },
      (error: unknown) => this.#blame('start', `the Runner did not start: ${String(error)}`),
    );
  }

  #act({ id, act }: PlannedAct): void {
    const draws = this.#draws.fork(`act ${id}`);
    if (act.do === 'fault') this.#strike(act.fault, draws);
    else this.#carryOut(`${id} ${act.do}`, act, draws);
  }

  #carryOut(name: string, act: Exclude<Act, { do: 'fault' }>, draws: Draws): void {
    const post = this.#post();
    if (post === null) return;
    const open = this.#open;
    open.add(name);
    carryOut(post, act, draws).then(
      () => open.delete(name),
      (error: unknown) =>
        this.#blame('errors', `${name} threw ${error instanceof Error ? error.stack : String(error)}`),
    );
  }

  #post(): Post | null {
    const runner = this.#runner;
    const host = this.#host;
    if (runner === null || host === null) return null;
    host.clock.stir();
    return {
      ...{ runner, clock: host.around, deeds: this.#deeds },
      store: {
        routeOf: (pid) => {
          const route = this.#disk.facts.routes.get(pid);
          return route === undefined ? null : `${route.name}@${route.version}`;
        },
        stateOf: (key) => this.#disk.facts.registry.get(key)?.state ?? null,
      },
      onPromised: ({ what, holds }) => {
        if (this.#host === host && !holds())
          this.#blame('promises', `it was promised that ${what}, the store does not say so`);
      },
    };
  }

  #strike(kind: FaultKind, draws: Draws): void {
    const isOfProcess = (PROCESS_FAULTS as readonly FaultKind[]).includes(kind);
    const host = this.#host;
    if (kind === 'clock_jump') {
      this.#time.setWallBy(draws.between(-86_400_000, 86_400_000));
      this.#troubles.land(kind);
    } else if (!isOfProcess && kind !== 'power_loss' && kind !== 'runner_killed') {
      this.#troubles.arm(kind);
    } else if (host === null || (isOfProcess && host.living.size === 0)) {
      this.#time.setTimeout(() => {
        if (!this.#isQuiet) this.#strike(kind, draws);
      }, 5_000);
    } else if (isOfProcess) {
      const algorithm = draws.pick([...host.living.values()]);
      this.#troubles.land(kind);
      algorithm.misbehave(kind as ProcessFault, draws);
    } else {
      this.#troubles.land(kind);
      this.#losePower(host, kind === 'power_loss', draws);
    }
  }

  #losePower(host: SimulatedHost, power: boolean, draws: Draws): void {
    host.die();
    if (power) this.#disk.losePower(draws);
    else this.#disk.settle(draws);
    this.#leave(host);
    this.#time.setTimeout(() => this.#boot(), draws.between(2_000, 20_000));
  }

  /** The host is no more: what it counted is kept. */
  #leave(host: SimulatedHost): void {
    const { watch, calls } = host;
    for (const [outcome, times] of calls.outcomes)
      this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + times);
    for (const number of watch.met) this.#met.add(number);
    this.#deliveries += watch.deliveries;
    this.#commands += watch.commands;
    const { recorder } = host.host;
    if (recorder instanceof HashRecorder) this.#hashes.push(recorder.hash);
    recorder?.close();
    this.#host = null;
    this.#runner = null;
  }

  /** A quiet end of the day, in which what is missing of its minima is made up for. */
  async #topUp(): Promise<void> {
    const draws = this.#draws.fork('top up');
    for (let i = 0; i < TOP_UPS_MAX && !this.#isBroken; i++) {
      const calls = MINIMA.calls - this.#calls;
      const changes = MINIMA.changes - this.#changes;
      const faults = MINIMA.faults - this.#troubles.count;
      if (calls <= 0 && changes <= 0 && faults <= 0) return;
      this.#carryOut(`round ${i}`, { do: 'round' }, draws);
      // A release on probation may want calls before it lets go.
      for (const pid of PIDS) this.#carryOut(`more ${i} ${pid}`, { do: 'inspect', pid, manner: 'burst' }, draws);
      if (changes > 0)
        for (const wish of ['confirm', 'switch', 'switch'] as const)
          this.#carryOut(`${wish} ${i}`, { do: wish }, draws);
      if (faults > 0) this.#strike(draws.pick(['crash', 'garbage', 'clock_jump', 'recoverable_error']), draws);
      const untilMs = this.#time.nowMs() + TOP_UP_MS;
      this.#time.setTimeout(() => undefined, TOP_UP_MS);
      await this.#until(() => this.#time.nowMs() >= untilMs || this.#isBroken);
    }
  }

  get #changes(): number {
    return (this.#deeds.changes.get('switch') ?? 0) + (this.#deeds.changes.get('rollback') ?? 0);
  }

  async #close(): Promise<void> {
    if (this.#isBroken) return;
    await this.#until(() => this.#runner !== null || this.#isBroken);
    const runner = this.#runner;
    const host = this.#host;
    if (runner === null || host === null) return;
    let closed = false;
    this.#hurryToTheDoor(runner);
    void runner.close().then(
      () => (closed = true),
      (error: unknown) => this.#blame('close', String(error)),
    );
    const dueMs = this.#time.nowMs() + CLOSING_MS;
    this.#time.setTimeout(() => undefined, CLOSING_MS);
    const isLate = (): boolean => this.#isBroken || this.#time.nowMs() >= dueMs;
    await this.#until(() => closed || isLate());
    await this.#until(() => this.#open.size === 0 || isLate());
    if (!closed) this.#blame('close', 'the Runner did not end');
    else for (const { rule, what } of leftOf(host, this.#open)) this.#blame(rule, what);
  }

  /** Just before and while the Runner ends, people still want something of it. */
  #hurryToTheDoor(runner: Runner): void {
    const draws = this.#draws.fork('closing');
    for (let i = 0; i < LAST_ACTS; i++) {
      const act = draws.pick(LAST_WISHES);
      const wish = (): void => this.#carryOut(`last ${i} ${act.do}`, act, draws.fork(`${i}`));
      if (draws.chance(0.5)) wish();
      else this.#host?.around.setTimeout(wish, draws.between(0, 3_000));
    }
    if (draws.chance(0.3)) {
      const hurry = (): void => void runner.close({ hurry: true });
      this.#host?.around.setTimeout(hurry, draws.between(0, 2_000));
    }
  }

  #blame(rule: string, what: string): false {
    this.#note({ rule, what, atMs: this.#time.nowMs() });
    return false;
  }

  #note(violation: Violation): void {
    if (this.#violations.length < VIOLATIONS_MAX) this.#violations.push(violation);
  }

  #report(): DayReport {
    if (this.#host !== null) this.#leave(this.#host);
    if (this.#options.shortened !== true && !this.#isBroken) {
      const reached = { calls: this.#calls, changes: this.#changes, faults: this.#troubles.count };
      for (const name of ['calls', 'changes', 'faults'] as const)
        if (reached[name] < MINIMA[name]) this.#blame('minima', `only ${reached[name]} ${name}`);
    }
    return {
      ...{
        seed: this.#plan.seed,
        hash: this.#hashes.join('-'),
        deliveries: this.#deliveries,
        commands: this.#commands,
      },
      ...{ outcomes: this.#outcomes, deeds: this.#deeds, faults: this.#troubles.landed, starts: this.#starts },
      ...{ met: this.#met, violations: this.#violations },
    };
  }
}
