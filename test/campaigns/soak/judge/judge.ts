import type { CallEntry } from '../ledgers/callers.js';
import { findDuplicated, findUnaccounted } from './accounts.js';
import { AttemptsByCall } from './attempts.js';
import { isUnrouted } from './causes.js';
import { nameOf } from './evidence.js';
import type { Evidence } from './evidence.js';
import { findFailures } from './failures.js';
import { countInFlight, findTornFlows, hitACall, isCommitted } from './switches.js';

/** What must not be: one line per case. */
export interface Findings {
  readonly unaccounted: readonly string[];
  readonly duplicated: readonly string[];
  readonly unrouted: readonly string[];
  /** Failures of calls that nobody planted, while a switch or rollback was under way. */
  readonly switch_errors: readonly string[];
  /** Failures of calls that nobody planted, at any other time. */
  readonly errors_unexplained: readonly string[];
  /** Calls given up after a kill although they might have been tried again. */
  readonly given_up_early: readonly string[];
  readonly switch_downtime: readonly string[];
  readonly orphans: readonly string[];
  readonly segments_leaked: readonly string[];
  readonly flows_torn: readonly string[];
  /** Answers with something in them that belongs to another call, flow or image. */
  readonly answers_wrong: readonly string[];
  /** Operations that ended otherwise than they must. */
  readonly operations_wrong: readonly string[];
  /** What the machines, stepped over the whole trace, show to be wrong. */
  readonly invariants_broken: readonly string[];
}

export interface Counts {
  readonly calls: number;
  readonly results: number;
  readonly errors: number;
  readonly timed_out: number;
  readonly lost: number;
  readonly cancelled: number;
  readonly refused: number;
  readonly retried: number;
  readonly switches: number;
  readonly rollbacks: number;
  readonly aborted: number;
  /** Operations refused because another was under way. */
  readonly conflicts: number;
  readonly kills: number;
  readonly kills_in_flight: number;
  readonly switches_in_flight: number;
  readonly switch_downtime_ms_max: number;
}

export interface Verdict {
  readonly counts: Counts;
  readonly findings: Findings;
}

/** A pure function: what the evidence of a campaign amounts to. */
export function judge(evidence: Evidence): Verdict {
  const { calls, operations, kills, processes, lapses, orphans, segments, downtimes } = evidence;
  const attempts = new AttemptsByCall(evidence);
  const ended = (outcome: string): number => calls.filter(({ ends }) => ends[0]?.outcome === outcome).length;
  const committed = operations.filter(isCommitted);
  const downtimesMs = [...operations.map(({ downtimeMs }) => downtimeMs), ...downtimes.map(({ lastedMs }) => lastedMs)];
  return {
    counts: {
      calls: calls.length,
      results: ended('result'),
      errors: ended('error'),
      timed_out: ended('timed_out'),
      lost: ended('lost'),
      cancelled: ended('cancelled'),
      refused: ended('refused'),
      retried: calls.filter(({ ends }) => attempts.sent(ends[0]?.callId ?? null).length > 1).length,
      switches: committed.filter(({ kind }) => kind === 'switch').length,
      rollbacks: committed.filter(({ kind, end }) => kind === 'rollback' || end === 'rolled_back').length,
      aborted: operations.filter(({ end }) => end === 'aborted').length,
      conflicts: operations.filter(({ end }) => end === 'refused').length,
      kills: kills.length,
      kills_in_flight: kills.filter((kill) => hitACall(kill, processes)).length,
      switches_in_flight: countInFlight(evidence),
      switch_downtime_ms_max: Math.max(0, ...downtimesMs),
    },
    findings: {
      unaccounted: findUnaccounted(evidence, attempts),
      duplicated: findDuplicated(evidence, attempts),
      unrouted: [...lapses, ...calls.flatMap(unroutedCall)],
      ...findFailures(evidence, attempts),
      switch_downtime: [
        ...downtimes.map(({ pid, release, lastedMs }) => `${pid}: ${release} could not serve for ${lastedMs} ms`),
        ...operations
          .filter(({ downtimeMs }) => downtimeMs > 0)
          .map((operation) => `${nameOf(operation)}: its report says ${operation.downtimeMs} ms of downtime`),
      ],
      orphans,
      segments_leaked: segments,
      flows_torn: findTornFlows(evidence),
      answers_wrong: calls.flatMap(({ number, ends }) =>
        ends.flatMap(({ wrong }) => (wrong === null ? [] : [`call ${number}: ${wrong}`])),
      ),
      invariants_broken: evidence.broken,
      operations_wrong: operations.flatMap((operation) =>
        operation.wrong === null ? [] : [`${nameOf(operation)}: ${operation.wrong}`],
      ),
    },
  };
}

const unroutedCall = ({ number, pid, ends }: CallEntry): string[] =>
  ends.filter(isUnrouted).map(({ message }) => `call ${number} (${pid}): ${message}`);
