import { hasTag } from '../../../machines/index.js';
import type { ReleaseKey } from '../../../machines/release.js';
import type { ChangeKind } from '../../../machines/route.events.js';
import { tell } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { stateName } from '../../trace/index.js';
import type { PendingCalls, CallObserver } from '../calls/calls.js';
import type { ChangeReport, ChangeStep } from './change-report.js';
import type { ChangeReported } from './commands.js';
import { Downtime } from './downtime.js';
import type { Host } from '../host/host.js';

export interface WatchedChange {
  readonly operationId: number;
  readonly kind: ChangeKind;
  readonly key: ReleaseKey | null;
  readonly pids: readonly string[];
  readonly onProgress: ((step: ChangeStep) => void) | undefined;
}

/**
 * Looks on while PIDs are moved, from the request until each of them serves (or is unbound), and says what it cost. It
 * measures and decides nothing.
 */
export class ChangeWatch {
  readonly #host: Host;
  readonly #change: WatchedChange;
  readonly #from: Readonly<Record<string, ReleaseKey | null>>;
  readonly #startedMs: number;
  readonly #timeline: ChangeStep[] = [];
  readonly #downtime: Downtime;
  readonly #stops: (() => void)[] = [];
  readonly #stageOf = new Map<string, string>();
  readonly #open = new Set<string>();
  readonly #returned = new Set<string>();
  #calls = { old: 0, new: 0 };
  #errors = 0;
  #reason: Fault | null = null;
  #onEnd: (() => void) | undefined;
  #ended = false;

  constructor(host: Host, pendingCalls: PendingCalls, change: WatchedChange) {
    this.#host = host;
    this.#change = change;
    this.#startedMs = host.services.clock.nowMs();
    const { pids } = change;
    this.#from = Object.fromEntries(pids.map((pid) => [pid, this.#route(pid)?.release ?? null]));
    this.#downtime = new Downtime(host, pids);
    const count: CallObserver = ({ pid, release, status }) => {
      if (!pids.includes(pid)) return;
      if (release === change.key) this.#calls.new += 1;
      else this.#calls.old += 1;
      if (status === 'ERROR') this.#errors += 1;
    };
    pendingCalls.observers.add(count);
    const releases = host.actor.on('release.reported', () => this.#downtime.look());
    this.#stops.push(
      () => pendingCalls.observers.delete(count),
      () => releases.unsubscribe(),
    );
  }

  /** The changeover went on. */
  noteStage({ stage }: ChangeReported): void {
    this.#note(stage, null);
  }

  /** It is committed: from here on each PID goes its own way. */
  follow(moved: readonly string[]): void {
    for (const pid of moved) this.#open.add(pid);
    for (const pid of moved) {
      const actor = this.#host.routeActor(pid);
      if (actor === undefined) this.#open.delete(pid);
      // An error nobody listens for would be thrown at the host.
      const subscription = actor?.subscribe({ next: () => this.#look(pid), error: () => this.#leave(pid) });
      this.#stops.push(() => subscription?.unsubscribe());
      this.#look(pid);
    }
    // A Runner that closes leaves what is still under way to the next one on its store.
    const life = this.#host.actor.subscribe({ complete: () => this.#end(), error: () => this.#end() });
    this.#stops.push(() => life.unsubscribe());
    if (this.#open.size === 0) this.#end();
  }

  /** Called once, when the last PID has come to an end with the change, or the Runner with everything. */
  whenEnded(work: () => void): void {
    if (this.#ended) work();
    else this.#onEnd = work;
  }

  report(): ChangeReport {
    const { operationId, kind, pids, key } = this.#change;
    const outcome = this.#returned.size > 0 ? 'rolled_back' : this.#open.size > 0 ? 'committed' : 'confirmed';
    return {
      operationId,
      kind,
      pids,
      from: this.#from,
      to: key,
      outcome,
      timeline: [...this.#timeline],
      calls: { ...this.#calls },
      errors: this.#errors,
      downtimeMs: this.#downtime.longestMs,
      reason: this.#reason,
    };
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #look(pid: string): void {
    this.#downtime.look();
    const actor = this.#host.routeActor(pid);
    if (actor === undefined || !this.#open.has(pid)) return;
    const { value, context } = actor.getSnapshot();
    const stage = stateName(value);
    this.#reason ??= context.failed;
    if (this.#stageOf.get(pid) === stage) return;
    this.#stageOf.set(pid, stage);
    this.#note(stage, pid);
    if (context.release !== this.#change.key) this.#returned.add(pid);
    if (!hasTag('route', stage, 'settled')) return;
    this.#leave(pid);
  }

  /** Nothing more follows for this PID. */
  #leave(pid: string): void {
    this.#open.delete(pid);
    if (this.#open.size === 0) this.#end();
  }

  #note(stage: string, pid: string | null): void {
    const step = { stage, pid, atMs: this.#host.services.clock.nowMs() - this.#startedMs };
    this.#timeline.push(step);
    tell(this.#change.onProgress, step);
  }

  #end(): void {
    this.stop();
    this.#ended = true;
    this.#onEnd?.();
    this.#onEnd = undefined;
  }

  #route(pid: string) {
    return this.#host.routeActor(pid)?.getSnapshot().context;
  }
}
