import type { ChangeReport } from '../../api/results.js';
import type { Shown } from '../command.js';
import { whyReturned } from '../../api/wire/change.js';

/** Where each PID is now, and what is still to come of it. */
export function showChange(report: ChangeReport): Shown {
  const { outcome, pids, to } = report;
  return {
    lines: pids.map((pid) => placeOf(pid, report)),
    notes: notesOn(report),
    next:
      outcome === 'rolled_back'
        ? ['logs', to ?? '', '--tail', '20']
        : ['detect', '--pid', pids[0] ?? '', '--image', 'image.png'],
  };
}

function placeOf(pid: string, report: ChangeReport): string {
  const { to } = report;
  const from = (Object.hasOwn(report.from, pid) ? report.from[pid] : null) ?? null;
  if (report.outcome === 'rolled_back' && passed(report, 'RollingBack', pid)) return `${pid} is back on ${from}`;
  if (from === to) return `${pid} → ${to} (as before)`;
  return `${pid} → ${to} (was ${from})`;
}

function notesOn(report: ChangeReport): readonly string[] {
  const { outcome, pids, to, calls, errors } = report;
  const old = [...new Set(Object.values(report.from))].join(', ');
  switch (outcome) {
    case 'committed':
      return passed(report, 'Probation')
        ? [`on probation: the next Runner on this store keeps ${old} warm, and returns to it should ${to} fail`]
        : [];
    case 'confirmed':
      return passed(report, 'Probation') ? [`its probation is over: ${calls.new} calls, ${errors} errors`] : [];
    case 'rolled_back': {
      const { code, faultName, message, hint } = whyReturned(report);
      return [`${pids.join(' ')} could not stay with ${to}: ${message} (${code} ${faultName})`, `hint: ${hint}`];
    }
  }
}

const passed = ({ timeline }: ChangeReport, stage: string, pid?: string): boolean =>
  timeline.some((step) => step.stage.startsWith(stage) && (pid === undefined || step.pid === pid));
