import { Option } from 'commander';
import { readHistory } from '../../index.js';
import type { AuditRecord } from '../../index.js';
import { countFrom1 } from '../arguments.js';
import { resultCommand } from '../command.js';
import { showAudit } from '../history/show-audit.js';

interface Options {
  readonly tail?: number;
}

export const auditShow = resultCommand<[], Options, readonly AuditRecord[]>({
  options: [new Option('--tail <n>', 'only the last so many').argParser(countFrom1)],

  async run({ store }, _args, { tail }) {
    const records = await readHistory(store);
    return tail === undefined ? records : records.slice(-tail);
  },

  json: (records) =>
    records.map(({ seq, at, who, what, subject, outcome, details = {} }) => ({
      ...{ seq, at, who, what, subject, outcome, details },
    })),

  show: (records, colors) =>
    records.length === 0
      ? { lines: [], notes: ['the audit trail holds nothing'] }
      : { lines: showAudit(records, colors), next: ['audit', 'verify'] },
});
