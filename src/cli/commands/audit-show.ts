import { Option } from 'commander';
import type { AuditRecord } from '../../api/store.js';
import { readsOf } from '../../api/store-reads.js';
import { wireAuditRecord } from '../../api/wire/audit-record.js';
import { countFrom1 } from '../arguments.js';
import { resultCommand } from '../command.js';
import { showAudit } from '../history/show-audit.js';

interface Options {
  readonly tail?: number;
}

export const auditShow = resultCommand<[], Options, readonly AuditRecord[]>({
  options: [new Option('--tail <n>', 'only the last so many').argParser(countFrom1)],

  async run({ store }, _args, { tail }) {
    const records = await readsOf(store).history();
    return tail === undefined ? records : records.slice(-tail);
  },

  json: (records) => records.map(wireAuditRecord),

  show: (records, colors) =>
    records.length === 0
      ? { lines: [], notes: ['the audit trail holds nothing'] }
      : { lines: showAudit(records, colors), next: ['audit', 'verify'] },
});
