import type { ReleaseKey } from '../../../../src/index.js';

/** One thing a host asks of its Runner. */
export type Step =
  | { readonly do: 'install'; readonly zip: string; readonly target: 'Deployed' | 'Running' }
  | { readonly do: 'activate'; readonly release: ReleaseKey; readonly pids: readonly string[] }
  | { readonly do: 'deactivate'; readonly pids: readonly string[] }
  | { readonly do: 'switch'; readonly release: ReleaseKey; readonly pids: readonly string[] }
  | { readonly do: 'rollback'; readonly pid: string }
  | { readonly do: 'confirm'; readonly pids: readonly string[] }
  | { readonly do: 'uninstall'; readonly release: ReleaseKey; readonly force: boolean }
  | { readonly do: 'prune'; readonly keep: number }
  | { readonly do: 'close' };

/**
 * What one life of a host consists of: it opens the store, calls `warm` once each, does the steps before, then `act`,
 * the one that counts, and closes. A host that `waits` serves every PID and then takes further steps from its input.
 */
export interface Job {
  readonly store: string;
  /** Parent of the Runner's image folder. */
  readonly images: string;
  readonly python: string;
  readonly before: readonly Step[];
  readonly warm: readonly string[];
  readonly act: Step | null;
  readonly waits: boolean;
}

/** How far a step came; the fault is what it was refused with. */
export interface Ended {
  readonly do: Step['do'];
  readonly fault: { readonly code: string; readonly message: string } | null;
}
