import type { TraceRecord } from '../trace/index.js';
import { RunnerError, toFault } from '../base/errors/index.js';
import type { Divergence } from './divergence.js';
import { InvariantWatch, LATE_MS } from './invariant-watch.js';
import { ReplayedSystem } from './replayed-system.js';

/** An invariant (docs/invariants.md) that a Runner in production did not keep. */
export interface BrokenInvariant {
  readonly invariant: number;
  /** What always has to hold. */
  readonly sentence: string;
  /** What is wrong. */
  readonly wrong: string;
  /** The record of the trace it was found at. */
  readonly seq: number;
  /** Unix milliseconds of that record. */
  readonly timeMs: number;
}

export interface MonitorListener {
  readonly onBroken: (broken: BrokenInvariant) => void;
  /** It watches no more, and why; the host goes on. */
  readonly onOff: (why: RunnerError) => void;
}

/** Records of one outside event; more can only mean that the monitor has lost its way. */
const PENDING_MAX = 10_000;
/** Violations reported so far; a lasting one is reported once. */
const TOLD_MAX = 100;

const AS_RECORDED = { invariant: 14, sentence: 'Replaying a trace reaches the recorded states.' };

/**
 * Holds every invariant against the records of a Runner as they are written.
 *
 * INVARIANTS
 * - `take` never throws: what fails in here turns the monitor off, once, with the reason.
 * - It keeps what lives and the step under way, whatever the length of the run.
 */
export class InvariantMonitor {
  readonly #system = new ReplayedSystem();
  readonly #watch = new InvariantWatch();
  readonly #listener: MonitorListener;
  readonly #told = new Set<string>();
  #pending = 0;
  #hasBegun = false;
  #isOff = false;

  constructor(listener: MonitorListener) {
    this.#listener = listener;
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  take(record: TraceRecord): void {
    if (this.#isOff) return;
    try {
      this.#step(record);
    } catch (error) {
      this.#turnOff(error);
    }
  }

  #step(record: TraceRecord): void {
    const { timeMs } = record;
    if (!this.#hasBegun && record.actor !== 'runner') throw new Error('the trace does not begin with the Runner');
    this.#hasBegun = true;
    this.#system.onDivergence = (found) => this.#tell({ ...AS_RECORDED, ...described(found), timeMs });
    const seen = this.#system.take(record);
    this.#pending = seen === null ? this.#pending + 1 : 0;
    if (this.#pending > PENDING_MAX) throw new Error(`nothing came to its end within ${PENDING_MAX} records`);
    if (seen === null) return;
    for (const { invariant, sentence, wrong, seq } of this.#watch.judge(seen, this.#system.view(LATE_MS), record))
      this.#tell({ invariant, sentence, wrong, seq, timeMs });
  }

  #tell(broken: BrokenInvariant): void {
    const what = `${broken.invariant} ${broken.wrong}`;
    if (this.#told.has(what)) return;
    if (this.#told.size >= TOLD_MAX) throw new Error(`${TOLD_MAX} violations were told; that is enough`);
    this.#told.add(what);
    this.#listener.onBroken(broken);
  }

  #turnOff(error: unknown): void {
    this.#isOff = true;
    const why = new RunnerError('unknown_error', `The monitor of the invariants is off: ${toFault(error).message}.`, {
      cause: error,
      hint: 'The Runner is not concerned. Replay its trace with `procvision replay` and report what that says.',
    });
    this.#listener.onOff(why);
  }
}

const described = ({
  seq,
  actor,
  event,
  expected,
  got,
}: Divergence): { readonly wrong: string; readonly seq: number } => ({
  wrong: `${actor} on ${event}: expected ${expected}, got ${got}`,
  seq,
});
