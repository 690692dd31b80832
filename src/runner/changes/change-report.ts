import type { ReleaseKey } from '../../../machines/release.js';
import type { ChangeKind } from '../../../machines/route.events.js';
import type { Fault } from '../../base/errors/index.js';

/** One step of a change: of all of it while `pid` is null, else of one PID. */
export interface ChangeStep {
  /** Preparing, Preheating, Committing, Committed; then per PID Draining, Probation, Confirming, Serving, RollingBack. */
  readonly stage: string;
  readonly pid: string | null;
  /** Milliseconds since the change was asked for. */
  readonly atMs: number;
}

/**
 * What a change of routes did and what it cost (contract §8).
 *
 * @property outcome `committed`: new flows go to the new release, what follows is still under way; `confirmed`: every PID
 * serves, its probation over; `rolled_back`: at least one PID returned by itself or because somebody asked
 * @property calls settled since the change was asked for, by the release a PID came from and the one it went to
 * @property errors calls of these PIDs that did not work meanwhile, whatever the cause
 * @property downtimeMs longest time in which a PID's release could not take a call because of the change; a release that
 * lost its process, or is faulted by name, is not down because of the change
 * @property reason why a PID returned
 */
export interface ChangeReport {
  readonly operationId: number;
  readonly kind: ChangeKind;
  readonly pids: readonly string[];
  readonly from: Readonly<Record<string, ReleaseKey | null>>;
  readonly to: ReleaseKey | null;
  readonly outcome: 'committed' | 'confirmed' | 'rolled_back';
  readonly timeline: readonly ChangeStep[];
  readonly calls: { readonly old: number; readonly new: number };
  readonly errors: number;
  readonly downtimeMs: number;
  readonly reason: Fault | null;
}
