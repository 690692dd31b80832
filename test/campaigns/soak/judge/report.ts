import type { Verdict } from './judge.js';

/** What the campaign was asked for. */
export interface Asked {
  readonly seed: number;
  readonly switches: number;
  readonly kills: number;
}

export interface RunFacts {
  readonly seconds: number;
  /** The hard limit on time ended it. */
  readonly cut: boolean;
  readonly delayMsMax: number;
}

export type Report = Readonly<Record<string, number | boolean | readonly string[]>>;

/** The one object a campaign ends with; the first eighteen names are fixed (issue 3, section 4). */
export function reportOf({ counts, findings }: Verdict, asked: Asked, { seconds, cut, delayMsMax }: RunFacts): Report {
  return {
    calls: counts.calls,
    results: counts.results,
    errors: counts.errors,
    timed_out: counts.timed_out,
    lost: counts.lost,
    duplicated: findings.duplicated.length,
    unaccounted: findings.unaccounted.length,
    unrouted: findings.unrouted.length,
    switches: counts.switches,
    rollbacks: counts.rollbacks,
    aborted: counts.aborted,
    kills: counts.kills,
    kills_in_flight: counts.kills_in_flight,
    switches_in_flight: counts.switches_in_flight,
    switch_downtime_ms_max: counts.switch_downtime_ms_max,
    switch_errors: findings.switch_errors.length,
    orphans: findings.orphans.length,
    segments_leaked: findings.segments_leaked.length,
    cancelled: counts.cancelled,
    refused: counts.refused,
    retried: counts.retried,
    conflicts: counts.conflicts,
    errors_unexplained: findings.errors_unexplained.length,
    given_up_early: findings.given_up_early.length,
    flows_torn: findings.flows_torn.length,
    answers_wrong: findings.answers_wrong.length,
    operations_wrong: findings.operations_wrong.length,
    invariants_broken: findings.invariants_broken.length,
    seconds: Math.round(seconds),
    delay_ms_max: delayMsMax,
    seed: asked.seed,
    cut,
    failures: failuresOf({ counts, findings }, asked, cut),
  };
}

/** Why a campaign is not green; empty when it is. */
export function failuresOf({ counts, findings }: Verdict, asked: Asked, cut: boolean): readonly string[] {
  const found = Object.entries(findings).flatMap(([name, cases]: [string, readonly string[]]) =>
    cases.length === 0 ? [] : [`${name}: ${cases.length}`],
  );
  const proofless = [
    ...(asked.kills > 0 && counts.kills_in_flight === 0 ? ['no kill hit a running call: the run proves nothing'] : []),
    ...(asked.switches > 0 && counts.switches_in_flight === 0
      ? ['no switch was committed while calls ran: the run proves nothing']
      : []),
    ...(counts.results === 0 ? ['no call came to a result: the run proves nothing'] : []),
  ];
  return [...found, ...proofless, ...(cut ? ['it was cut off by its limit on time'] : [])];
}
