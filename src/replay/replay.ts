import type { AnyStateMachine } from 'xstate';
import { MACHINES } from '../../machines/index.js';
import { RunnerError } from '../base/errors/index.js';
import type { Step } from '../stepping/index.js';
import { GAP, machineHash, readTraceHeader, STANDING, walkRun } from '../trace/index.js';
import type { TraceRecord } from '../trace/index.js';
import type { Divergence } from './divergence.js';
import { InvariantWatch, LATE_MS } from './invariant-watch.js';
import type { Violation } from './invariant-watch.js';
import { Tally } from './replay-report.js';
import type { MachineVersions, ReplayReport } from './replay-report.js';
import { ReplayedSystem } from './replayed-system.js';

/** One record, stepped over. */
export interface ReplayedStep extends Pick<Step, 'acts' | 'taken'> {
  readonly record: TraceRecord;
  /** What of it differs from the record. */
  readonly divergences: readonly Divergence[];
}

export interface ReplayOptions {
  /** The last record to step over. */
  readonly untilSeq?: number;
  /** The machines to step; today's. */
  readonly machines?: readonly AnyStateMachine[];
  /** Version hashes of the machines that wrote the trace, by id; a file's own when left out. */
  readonly recorded?: Readonly<Record<string, string>>;
  /** Ends the replay after the record under way. */
  readonly signal?: AbortSignal;
  /** Told now and then how many files were gone through, the present one as a share of it, and how many there are. */
  readonly onFile?: (done: number, of: number) => void;
  /** Told of every record; the next one waits for it. */
  readonly onStep?: (step: ReplayedStep) => void | Promise<void>;
}

const VIOLATIONS_MAX = 100;

/**
 * Steps the machines over a recorded history: either they reach every recorded state and send what was recorded, or the
 * first record at which they do not is named, with the guard that differs. From a divergence on the record counts, so
 * that later ones are differences of their own.
 *
 * Where rotation has removed the begin of the run, it begins where every actor stood when the oldest file kept was begun;
 * the invariants, which remember what was before, are not judged then. The same goes for what comes after a gap, which is
 * what could not be written while the disk refused.
 *
 * @param trace a file of the run, all of whose files are read as one, or the records themselves
 * @throws RunnerError store_corrupt where a checksum does not match, or neither begin nor standings are there;
 * store_io_failed
 */
export async function replay(
  trace: string | AsyncIterable<TraceRecord> | Iterable<TraceRecord>,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const { untilSeq = Infinity, machines = MACHINES, onStep } = options;
  const recorded =
    options.recorded ?? (typeof trace === 'string' ? (await readTraceHeader(trace)).machines : undefined);
  const records = typeof trace === 'string' ? walkRun(trace, options.onFile) : trace;
  let system = new ReplayedSystem(machines);
  const watch = new InvariantWatch();
  const tally = new Tally();
  const violations: Violation[] = [];
  let found: Divergence[] = [];
  const onDivergence = (divergence: Divergence): void => {
    tally.add(divergence);
    if (onStep !== undefined) found.push(divergence);
  };
  system.onDivergence = onDivergence;
  let count = 0;
  let last: TraceRecord | undefined;
  const gaps: { beforeSeq: number; missing: number }[] = [];
  let isWhole = true;
  // Invariants have no memory of the time before.
  let isJudged = true;
  for await (const record of records) {
    isWhole = record.seq <= untilSeq && options.signal?.aborted !== true;
    if (!isWhole) break;
    if (record.event === GAP) {
      gaps.push({ beforeSeq: record.seq + 1, missing: Number(record.data['missing']) });
      // Nothing known so far holds after a gap; where every actor stands comes next.
      system = Object.assign(new ReplayedSystem(machines), { onDivergence });
      isJudged = false;
      continue;
    }
    if (record.event === STANDING) {
      system.take(record);
      isJudged = false;
      continue;
    }
    if (count === 0 && isJudged) requireBegin(record);
    count += 1;
    last = record;
    const seen = system.take(record);
    if (seen !== null && isJudged)
      for (const violation of watch.judge(seen, system.view(LATE_MS), record))
        if (violations.length < VIOLATIONS_MAX) violations.push(violation);
    await onStep?.({ record, acts: system.lastActs, taken: system.lastTaken, divergences: found });
    if (found.length > 0) found = [];
  }
  if (isWhole && last !== undefined) system.finish(last);
  return {
    ...{
      records: count,
      lastSeq: last?.seq ?? 0,
      isFromBegin: isJudged,
      gaps,
      isExact: tally.count === 0,
      first: tally.first,
      divergences: tally.count,
    },
    ...{ decisions: tally.decisions, versions: recorded === undefined ? [] : versionsOf(recorded, machines) },
    actors: [...system.actors.values()].map(({ path, machine, shown }) => ({ actor: path, machine, ...shown })),
    ...{ violations, met: watch.met },
  };
}

function requireBegin({ seq, actor, event }: TraceRecord): void {
  if (actor === 'runner' && event === 'xstate.init') return;
  throw new RunnerError('store_corrupt', `The trace begins at record ${seq}, in the middle of a run.`, {
    hint: 'A replay needs the begin of a run, or of one of its files. Name the file rather than records out of it.',
    details: { seq },
  });
}

function versionsOf(
  recorded: Readonly<Record<string, string>>,
  machines: readonly AnyStateMachine[],
): readonly MachineVersions[] {
  const replayed = new Map(machines.map((machine) => [machine.id, machineHash(machine)]));
  const names = new Set([...replayed.keys(), ...Object.keys(recorded)]);
  return [...names].map((machine) => ({
    machine,
    recorded: recorded[machine] ?? null,
    replayed: replayed.get(machine) ?? null,
  }));
}
