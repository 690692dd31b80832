import type { AuditRecord } from '../../api/store.js';
import type { Colors } from '../colors.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';
import { changeIn } from '../../api/wire/audit-record.js';

/** Records of the audit trail, whatever they are about. */
export const showAudit = (records: readonly AuditRecord[], colors: Colors): readonly string[] =>
  table(
    ['record', 'time', 'who', 'what', 'subject', 'outcome', 'of what'],
    records.map((record): readonly Cell[] => {
      const { seq, at, who, what, subject, outcome, details = {} } = record;
      const ended: Cell = GOOD.includes(outcome) ? outcome : [outcome, colors.red];
      const { reason } = changeIn(record, subject);
      const { release } = details;
      return [`#${seq}`, at, who, what, subject, ended, reason ?? (typeof release === 'string' ? release : '')];
    }),
    colors,
  );

const GOOD: readonly string[] = ['done', 'ok'];
