import { RunnerError } from '../../index.js';
import type { ChangeReport } from '../../index.js';
import { EXIT, EXIT_CODES } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';

/** A report with `--json`; one of a change that did not last is a failure object as well. */
export const wireChange = (report: ChangeReport) => ({
  ...(report.outcome === 'rolled_back' ? returned(report).toJSON() : {}),
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

/** A release that did not prove itself is a failure of the command that waited for it. */
export const exitCodeOf = (report: ChangeReport): ExitCode =>
  report.outcome === 'rolled_back' ? EXIT_CODES[returned(report).faultName] : EXIT.done;

/** Why PIDs are not where the change took them. */
export function returned({ reason, to }: ChangeReport): RunnerError {
  if (reason !== null) return RunnerError.from(reason);
  return new RunnerError('probation_failed', `PIDs were taken back from ${to ?? 'nothing'} during its probation.`);
}

const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;
