import { z } from 'zod';
import { RunnerError } from '../../base/errors/index.js';
import type { ChangeReport } from '../../runner/changes/change-report.js';
import { fault, list, texts, toMicroseconds } from './common.js';

/** A report of a change of routes; one of a change that did not last is a failure object as well. */
export const changeWire = fault.partial().extend({
  operation_id: z.int(),
  kind: z.enum(['activate', 'deactivate', 'switch', 'rollback']),
  pids: texts,
  from: z.record(z.string(), z.string().nullable()),
  to: z.string().nullable(),
  outcome: z.enum(['committed', 'confirmed', 'rolled_back']),
  reason: fault.nullable(),
  calls: z.strictObject({ old: z.int(), new: z.int() }),
  errors: z.int(),
  downtime_ms: z.number(),
  timeline: list(z.strictObject({ stage: z.string(), pid: z.string().nullable(), at_ms: z.number() })),
});
export type ChangeWire = z.infer<typeof changeWire>;

export const wireChange = (report: ChangeReport): ChangeWire => ({
  ...(report.outcome === 'rolled_back' ? whyReturned(report).toJSON() : {}),
  operation_id: report.operationId,
  kind: report.kind,
  pids: report.pids,
  from: report.from,
  to: report.to,
  outcome: report.outcome,
  reason: report.reason,
  calls: report.calls,
  errors: report.errors,
  downtime_ms: toMicroseconds(report.downtimeMs),
  timeline: report.timeline.map(({ stage, pid, atMs }) => ({ stage, pid, at_ms: toMicroseconds(atMs) })),
});

/** Why PIDs are not where the change took them. */
export function whyReturned({ reason, to }: ChangeReport): RunnerError {
  if (reason !== null) return RunnerError.from(reason);
  return new RunnerError('probation_failed', `PIDs were taken back from ${to ?? 'nothing'} during its probation.`);
}
