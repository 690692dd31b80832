import { createHash } from 'node:crypto';
import type { DayReport } from './day-report.js';
import type { Violation } from './watch.js';

/** What days showed together; plain JSON. */
export interface Summary {
  readonly from: number;
  readonly seeds: number;
  readonly calls: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly changes: Readonly<Record<string, number>>;
  readonly mistakes: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly faultsLanded: number;
  /** Starts of a Runner, the first of each day included. */
  readonly starts: number;
  /** Events that an actor processed. */
  readonly deliveries: number;
  /** Commands to operating-system processes, which are deliveries to actors that are no machines. */
  readonly commands: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  /** Both kinds of deliveries, per second of processor time. */
  readonly deliveriesPerSecond: number;
  /** Of every record of every day's trace, in order. */
  readonly traceHash: string;
  /** Of the last day's alone. */
  readonly lastHash: string;
  /** Numbers of the invariants whose premise came true in some day. */
  readonly invariantsMet: readonly number[];
  readonly failed: readonly FailedSeed[];
}

export interface FailedSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** What is left of the day when it was made as short as it still fails. */
  readonly shortened?: readonly string[];
}

export class Tally {
  readonly #counts = {
    outcomes: new Map<string, number>(),
    changes: new Map<string, number>(),
    mistakes: new Map<string, number>(),
    refusals: new Map<string, number>(),
    faults: new Map<string, number>(),
  };
  readonly #met = new Set<number>();
  readonly #failed: FailedSeed[] = [];
  #seeds = 0;
  #starts = 0;
  #deliveries = 0;
  #commands = 0;
  #lastHash = '';
  readonly #hash = createHash('sha256');

  add(report: DayReport, shortened?: readonly string[]): void {
    const { outcomes, deeds, faults, seed, violations } = report;
    this.#seeds += 1;
    this.#hash.update(report.hash);
    this.#lastHash = report.hash;
    this.#starts += report.starts;
    this.#deliveries += report.deliveries;
    this.#commands += report.commands;
    addTo(this.#counts.outcomes, outcomes);
    addTo(this.#counts.changes, deeds.changes);
    addTo(this.#counts.mistakes, deeds.mistakes);
    addTo(this.#counts.refusals, deeds.refusals);
    addTo(this.#counts.faults, faults);
    for (const number of report.met) this.#met.add(number);
    if (violations.length > 0)
      this.#failed.push({ seed, violations, ...(shortened === undefined ? {} : { shortened }) });
  }

  summary(from: number, seconds: number, cpuSeconds: number): Summary {
    const { outcomes, changes, mistakes, refusals, faults } = this.#counts;
    const deliveries = this.#deliveries + this.#commands;
    return {
      ...{ from, seeds: this.#seeds, calls: sumOf(outcomes) - (outcomes.get('refused') ?? 0) },
      outcomes: plain(outcomes),
      changes: plain(changes),
      mistakes: plain(mistakes),
      refusals: plain(refusals),
      faults: plain(faults),
      faultsLanded: sumOf(faults),
      ...{ starts: this.#starts, deliveries: this.#deliveries, commands: this.#commands },
      ...{ cpuSeconds: rounded(cpuSeconds), seconds: rounded(seconds) },
      deliveriesPerSecond: cpuSeconds === 0 ? 0 : Math.round(deliveries / cpuSeconds),
      traceHash: this.#hash.copy().digest('hex').slice(0, 16),
      lastHash: this.#lastHash,
      invariantsMet: [...this.#met].sort((a, b) => a - b),
      failed: this.#failed,
    };
  }
}

function addTo(sums: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, times] of counts) sums.set(name, (sums.get(name) ?? 0) + times);
}

const sumOf = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, n) => sum + n, 0);

const plain = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

const rounded = (value: number): number => Math.round(value * 100) / 100;
