import type { AuditRecord } from '../../api/store.js';
import { readsOf } from '../../api/store-reads.js';
import { wireAuditRecord, wireHistoryRecord } from '../../api/wire/audit-record.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { changeIn } from '../../api/wire/audit-record.js';
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
    const records = await readsOf(store).history(pid);
    if (pid !== undefined && records.length === 0) await requirePid(store, pid);
    return { pid: pid ?? null, records };
  },

  json: ({ pid, records }) =>
    records.map((record) => (pid === null ? wireAuditRecord(record) : wireHistoryRecord(record, pid))),

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
