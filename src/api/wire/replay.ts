import { z } from 'zod';
import type { Divergence, ReplayReport, ReplayedStep } from '../../replay/index.js';
import { list } from './common.js';

const divergenceWire = z.strictObject({
  kind: z.string(),
  seq: z.int(),
  actor: z.string(),
  machine: z.string(),
  event: z.string(),
  expected: z.string(),
  got: z.string(),
  decision: z.string(),
  guard: z.unknown(),
  at_us: z.number(),
  decided_at: z.int().nullable(),
});

/** A trace stepped over today's machines. */
export const replayWire = z.strictObject({
  file: z.string(),
  exact: z.boolean(),
  from_begin: z.boolean(),
  gaps: list(z.strictObject({ before_seq: z.int(), missing: z.int() })),
  records: z.int(),
  last_seq: z.int(),
  divergences: z.int(),
  first: divergenceWire.nullable(),
  decisions: list(z.strictObject({ decision: z.string(), count: z.int(), first_seq: z.int() })),
  machines: list(
    z.strictObject({ machine: z.string(), recorded: z.string().nullable(), replayed: z.string().nullable() }),
  ),
  invariants: z.strictObject({
    met: list(z.int()),
    broken: list(z.strictObject({ invariant: z.int(), wrong: z.string(), seq: z.int() })),
  }),
  actors: list(z.strictObject({ actor: z.string(), machine: z.string(), state: z.string(), context: z.unknown() })),
});
export type ReplayWire = z.infer<typeof replayWire>;

export const wireReplay = (file: string, report: ReplayReport): ReplayWire => ({
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

const wireDivergence = ({ atUs, decidedAt, ...found }: Divergence): z.infer<typeof divergenceWire> => ({
  ...found,
  at_us: atUs,
  decided_at: decidedAt,
});
