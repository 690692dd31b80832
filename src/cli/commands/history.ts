import { readHistory } from '../../index.js';
import type { AuditRecord } from '../../index.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { changeIn } from '../history/change-in.js';
import { showAudit } from '../history/show-audit.js';
import { requirePid } from '../require-pid.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';

interface Data {
  /** Null: everything. */
  readonly pid: string | null;
  readonly records: readonly AuditRecord[];
}

export const history = resultCommand<[pid: string | undefined], object, Data>({
  arguments: [['[pid]', 'product id, bound or not; everything that happened to the store when left out']],

  async run({ store }, [pid]) {
    const records = await readHistory(store, pid);
    if (pid !== undefined && records.length === 0) await requirePid(store, pid);
    return { pid: pid ?? null, records };
  },

  json: ({ pid, records }) =>
    records.map((record) => {
      const { seq, at, who, what, subject, outcome, details = {} } = record;
      return { seq, at, who, what, subject, outcome, ...(pid === null ? {} : changeIn(record, pid)), details };
    }),

  show({ pid, records }, colors) {
    if (records.length === 0)
      return { lines: [], notes: [`the audit trail holds nothing${pid === null ? '' : ` of ${pid}`}`], next: ['ls'] };
    if (pid === null) return { lines: showAudit(records, colors), next: ['audit', 'verify'] };
    return {
      lines: table(['time', 'who', 'what', 'outcome', 'from', 'to', 'reason'], records.map(rowOf(pid, colors)), colors),
      next: ['audit', 'verify'],
    };
  },
});

const rowOf =
  (pid: string, colors: Colors) =>
  (record: AuditRecord): readonly Cell[] => {
    const { at, who, what, outcome } = record;
    const { from, to, reason } = changeIn(record, pid);
    const ended: Cell = outcome === 'done' ? outcome : [outcome, colors.red];
    return [at, who, what, ended, from === to ? '' : (from ?? ''), to ?? '', reason ?? ''];
  };
