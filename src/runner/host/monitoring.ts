import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { openReleaseLog } from '../../effects/index.js';
import type { ReleaseLog } from '../../effects/index.js';
import { InvariantMonitor } from '../../replay/index.js';
import type { BrokenInvariant } from '../../replay/index.js';
import { fault, RunnerError, tell, toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import type { TraceFeed } from '../../trace/index.js';

/** The monitor works for so long at a time, and leaves the host alone for so long after it: a twentieth of its time. */
const SLICE_MS = 0.5;
const REST_MS = 10;
/** So long a closing Runner waits for it to come to the end. */
const LAST_MS = 500;

export interface MonitoringOptions {
  readonly trace: TraceFeed;
  /** Folder of the log it begins when there is something to say. */
  readonly logs: string;
  /** Told what the Runner then names among its problems. */
  readonly onProblem: (problem: Fault) => void;
}

export interface Monitoring {
  /** Called for each violation, once; what a listener throws is its own affair. */
  readonly listeners: Set<(broken: BrokenInvariant) => void>;
  /** Why it watches no more; null while it does. */
  readonly offBecause: () => RunnerError | null;
  /** Once the trace has ended: reads what is left of it, but not for long. */
  close(): Promise<void>;
}

/**
 * Watches the invariants on the live trace of a Runner. It works in slices, after the calls and never within a
 * transition; records wait for it in the trace, whose files hold what memory does not.
 */
export function monitorInvariants({ trace, logs, onProblem }: MonitoringOptions): Monitoring {
  const listeners = new Set<(broken: BrokenInvariant) => void>();
  let log: ReleaseLog | undefined;
  let off: RunnerError | null = null;
  const say = (message: string, fields: object = {}): void => {
    onProblem(fault('unknown_error', message, { details: { ...fields } }));
    log ??= openReleaseLog(join(logs, 'runner.jsonl'), 'runner');
    log.write('error', message, { ...fields });
  };
  const monitor = new InvariantMonitor({
    onBroken(broken) {
      say(`invariant ${broken.invariant} is broken at record ${broken.seq}: ${broken.wrong}`, { ...broken });
      for (const listener of listeners) tell(listener, broken);
    },
    onOff(why) {
      off = why;
      say(why.message);
    },
  });
  const pace = new Pace();
  const done = follow(trace, monitor, pace).catch((error: unknown) => {
    off = RunnerError.from(toFault(error));
    say(`The monitor of the invariants is off: ${off.message}`);
  });
  return {
    listeners,
    offBecause: () => off,
    async close() {
      pace.hurry();
      await done;
      log?.close();
    },
  };
}

async function follow(trace: TraceFeed, monitor: InvariantMonitor, pace: Pace): Promise<void> {
  for await (const record of trace.records({ fromSeq: 1 })) {
    monitor.take(record);
    if (monitor.isOff || (await pace.isOver())) return;
  }
}

/** Work in slices; in a hurry without rests, and only for so long. */
class Pace {
  #startedMs = performance.now();
  #endMs = Infinity;

  hurry(): void {
    this.#endMs = performance.now() + LAST_MS;
  }

  isOver(): boolean | Promise<boolean> {
    const nowMs = performance.now();
    if (this.#endMs !== Infinity) return nowMs > this.#endMs;
    return nowMs - this.#startedMs < SLICE_MS ? false : this.#rest();
  }

  async #rest(): Promise<boolean> {
    await pause(REST_MS);
    this.#startedMs = performance.now();
    return false;
  }
}
