import { hasAnyTag } from '../../../machines/index.js';
import { stateName } from '../../trace/index.js';
import type { Host } from '../host/host.js';

/**
 * The longest time in which a PID's release could take no call because of a change. Looked at whenever a release or a
 * route moves; in between nothing changes, so the intervals are exact. A PID that was down before the change was asked
 * for counts from the first moment in which it was up.
 */
export class Downtime {
  readonly #host: Host;
  readonly #pids: readonly string[];
  readonly #downSinceMs = new Map<string, number>();
  /** PIDs whose release could take calls at some time since the change was asked for. */
  readonly #wasUp = new Set<string>();
  #longestMs = 0;

  constructor(host: Host, pids: readonly string[]) {
    this.#host = host;
    this.#pids = pids;
  }

  look(): void {
    const nowMs = this.#host.services.clock.nowMs();
    for (const pid of this.#pids) {
      const since = this.#downSinceMs.get(pid);
      if (since !== undefined) this.#longestMs = Math.max(this.#longestMs, nowMs - since);
      if (!this.#isDown(pid)) {
        this.#downSinceMs.delete(pid);
        this.#wasUp.add(pid);
      } else if (since === undefined && this.#wasUp.has(pid)) this.#downSinceMs.set(pid, nowMs);
    }
  }

  get longestMs(): number {
    this.look();
    return this.#longestMs;
  }

  /** A release that lost its process or is faulted by name is down by its own doing. */
  #isDown(pid: string): boolean {
    if (!this.#host.actor.getSnapshot().matches('Serving')) return false;
    const release = this.#host.routeActor(pid)?.getSnapshot().context.release ?? null;
    if (release === null) return false;
    const snapshot = this.#host.packageActor(release)?.getSnapshot();
    if (snapshot === undefined) return true;
    const state = stateName(snapshot.value);
    if (hasAnyTag('package', state, 'serving', 'restarting')) return false;
    return snapshot.context.fault === null;
  }
}
