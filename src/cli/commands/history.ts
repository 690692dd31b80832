import { readHistory } from '../../index.js';
import type { AuditRecord } from '../../index.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { changeIn } from '../history/change-in.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';

interface Data {
  readonly pid: string;
  readonly records: readonly AuditRecord[];
}

export const history = resultCommand<[pid: string], object, Data>({
  arguments: [['<pid>', 'product id, bound or not']],

  run: async ({ store }, [pid]) => ({ pid, records: await readHistory(store, pid) }),

  json: ({ pid, records }) =>
    records.map((record) => {
      const { seq, at, who, what, subject, outcome, details = {} } = record;
      return { seq, at, who, what, subject, outcome, ...changeIn(record, pid), details };
    }),

  show({ pid, records }, colors) {
    if (records.length === 0) return { lines: [], notes: [`the audit trail holds nothing of ${pid}`], next: ['ls'] };
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
