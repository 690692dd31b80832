import { readProcessTable, resourceWatchWorks, systemUnits, TIMER_MS_MAX } from '../../platform/index.js';
import type { ProcessTable, SystemUnits } from '../../platform/index.js';
import { usageByTree } from './process-trees.js';

/**
 * What one algorithm process takes together with everything it started.
 *
 * @property cpuPercent CPU time over the last interval; 100 is one core
 * @property residentBytes memory held now; a page that several of its processes share counts for each of them
 */
export interface ResourceSample {
  readonly cpuPercent: number;
  readonly residentBytes: number;
}

export interface WatchedProcess {
  /** Leader of its process group. */
  readonly osPid: number;
  /** Between two samples; 0: none. */
  readonly intervalMs: number;
  /** @param sinceMs the beginning of the interval, monotonic */
  readonly onSample: (sample: ResourceSample, sinceMs: number) => void;
}

interface Account {
  readonly watched: WatchedProcess;
  cpuTicks: number;
  sinceMs: number;
  dueMs: number;
}

/**
 * Looks at what algorithm processes take of the machine: one look at the process table serves all of them.
 *
 * INVARIANTS
 * - One timer, however many processes; none while nobody is watched; it never keeps the host alive.
 * - Processes of one interval are looked at together: looks fall on its multiples, the first one at least half an
 *   interval after the start, so that no interval is too short to say anything.
 * - CPU time of a child that ended and was waited for still counts, in its parent.
 * - A process that cannot be looked at has no samples; nothing else follows from it.
 */
export class ResourceWatch {
  readonly #readTable: () => Promise<ProcessTable>;
  readonly #accounts = new Map<number, Account>();
  #units: SystemUnits | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(readTable: () => Promise<ProcessTable> = readProcessTable) {
    this.#readTable = readTable;
  }

  /** @returns how to stop watching it */
  watch(watched: WatchedProcess): () => void {
    const { osPid, intervalMs } = watched;
    if (intervalMs <= 0 || !Number.isFinite(intervalMs) || !resourceWatchWorks()) return () => undefined;
    const nowMs = performance.now();
    // No CPU time is subtracted from the first sample: the process has just been started.
    const account = { watched, cpuTicks: 0, sinceMs: nowMs, dueMs: nextLook(nowMs, intervalMs) };
    this.#accounts.set(osPid, account);
    this.#arm();
    return () => {
      if (this.#accounts.get(osPid) !== account) return;
      this.#accounts.delete(osPid);
      if (this.#accounts.size === 0) clearTimeout(this.#timer);
    };
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const dueMs = Math.min(...[...this.#accounts.values()].map((account) => account.dueMs));
    if (dueMs === Infinity) return;
    const waitMs = Math.min(TIMER_MS_MAX, Math.max(0, dueMs - performance.now()));
    this.#timer = setTimeout(() => void this.#look(), waitMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const nowMs = performance.now();
    const due = [...this.#accounts.values()].filter(({ dueMs }) => dueMs <= nowMs + TIMER_EARLY_MS);
    for (const account of due) account.dueMs = nextLook(nowMs, account.watched.intervalMs);
    this.#arm();
    if (due.length === 0) return;
    const table = await this.#readTable();
    const usage = usageByTree(table, new Set(this.#accounts.keys()));
    for (const account of due) {
      const { osPid } = account.watched;
      const taken = usage.get(osPid);
      // It may have ended while the table was read.
      if (taken !== undefined && this.#accounts.get(osPid) === account) this.#settle(account, nowMs, taken);
    }
  }

  #settle(account: Account, nowMs: number, taken: { cpuTicks: number; residentPages: number }): void {
    const { pageBytes, ticksPerSecond } = (this.#units ??= systemUnits());
    const { sinceMs } = account;
    // Less than before when a child ended that nobody waited for.
    const cpuMs = (Math.max(0, taken.cpuTicks - account.cpuTicks) * 1000) / ticksPerSecond;
    account.cpuTicks = taken.cpuTicks;
    account.sinceMs = nowMs;
    const cpuPercent = Math.round((1000 * cpuMs) / (nowMs - sinceMs)) / 10;
    account.watched.onSample({ cpuPercent, residentBytes: taken.residentPages * pageBytes }, sinceMs);
  }
}

/** Timers may fire a little before their time. */
const TIMER_EARLY_MS = 1;

const nextLook = (nowMs: number, intervalMs: number): number =>
  Math.ceil((nowMs + intervalMs / 2) / intervalMs) * intervalMs;
