import type { Divergence, ReplayReport, ReplayedStep } from '../../index.js';

/** A replay as programs get it. */
export const wireReplay = (file: string, report: ReplayReport): object => ({
  file,
  exact: report.isExact,
  from_begin: report.isFromBegin,
  gaps: report.gaps.map(({ beforeSeq, missing }) => ({ before_seq: beforeSeq, missing })),
  records: report.records,
  last_seq: report.lastSeq,
  divergences: report.divergences,
  first: report.first === null ? null : wireDivergence(report.first),
  decisions: report.decisions.map(({ decision, count, firstSeq }) => ({ decision, count, first_seq: firstSeq })),
  machines: report.versions,
  invariants: {
    met: report.met,
    broken: report.violations.map(({ invariant, wrong, seq }) => ({ invariant, wrong, seq })),
  },
  actors: report.actors,
});

export const wireStep = ({ record, acts, divergences }: ReplayedStep): object => ({
  seq: record.seq,
  at_us: record.atUs,
  actor: record.actor,
  event: record.event,
  before: record.before,
  after: record.after,
  acts,
  divergences: divergences.map(wireDivergence),
});

const wireDivergence = ({ atUs, decidedAt, ...found }: Divergence): object => ({
  ...found,
  at_us: atUs,
  decided_at: decidedAt,
});
