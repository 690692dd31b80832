import type { TraceRecord } from '../../../../src/api/trace.js';
import type { ReleaseKey } from '../../../../src/index.js';
import type { Downtime } from '../judge/evidence.js';

/** A package in one of these takes calls and has a process to give them to. */
const ABLE = ['Running', 'Executing'];

interface Release {
  able: boolean;
  /** It lost its process or was given up: whoever points to it is down by its doing, not by a switch. */
  byLoss: boolean;
}

interface Pid {
  readonly release: ReleaseKey;
  down: { readonly sinceUs: number; readonly release: ReleaseKey } | null;
}

/**
 * From a trace: how long a PID's release could not serve although it had lost nothing. It knows only what records say:
 * routes move with `route.commit`, packages are able in Running and Executing.
 *
 * INVARIANT: a release that was stopped, or not ready when a PID was moved to it, counts; one that lost its process,
 * and until it is back, does not.
 */
export class DowntimeLedger {
  readonly found: Downtime[] = [];
  readonly #releases = new Map<ReleaseKey, Release>();
  readonly #pids = new Map<string, Pid>();
  /** What each PID is about to be bound to. */
  readonly #candidates = new Map<string, ReleaseKey | null>();

  /** @param atUs of the whole trace, all its runs included */
  add({ actor, machine, event, data, before, after }: TraceRecord, atUs: number): void {
    const name = actor.split('/')[1] ?? '';
    if (machine === 'package') this.#package(name, event, after);
    else if (machine === 'route') this.#route(name, event, data, before !== after);
    else return;
    for (const [pid, state] of this.#pids) this.#look(pid, state, atUs);
  }

  #package(key: ReleaseKey, event: string, after: string): void {
    const known = this.#releases.get(key) ?? { able: false, byLoss: false };
    const able = ABLE.includes(after);
    const stopped = event === 'package.stop';
    this.#releases.set(key, { able, byLoss: !able && !stopped && (known.able || known.byLoss) });
  }

  #route(pid: string, event: string, data: Readonly<Record<string, unknown>>, moved: boolean): void {
    if (event === 'route.prepare' && moved) this.#candidates.set(pid, data['key'] as ReleaseKey | null);
    if (event !== 'route.commit') return;
    const release = this.#candidates.get(pid) ?? null;
    if (release === null) this.#pids.delete(pid);
    else this.#pids.set(pid, { release, down: this.#pids.get(pid)?.down ?? null });
  }

  #look(pid: string, state: Pid, atUs: number): void {
    const { able, byLoss } = this.#releases.get(state.release) ?? { able: false, byLoss: false };
    if (!able && !byLoss) state.down ??= { sinceUs: atUs, release: state.release };
    else if (state.down !== null) {
      this.found.push({ pid, release: state.down.release, lastedMs: (atUs - state.down.sinceUs) / 1000 });
      state.down = null;
    }
  }
}
