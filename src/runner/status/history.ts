import { RunnerError, toFault } from '../../base/errors/index.js';
import { textLines } from '../../base/files/index.js';
import { readAuditLine, storeLayout } from '../../store/index.js';
import type { AuditRecord } from '../../store/index.js';

/**
 * Everything the audit trail holds, the oldest first, of one PID: activations, switches, rollbacks, ends of probations, with
 * who asked and how it ended; or, where none is named, of everything: installs, starts, recoveries. Needs no lock; lines that are no records are left out (`audit verify` names them).
 *
 * @throws RunnerError store_io_failed
 */
export async function readHistory(store: string, pid?: string): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  try {
    for await (const text of textLines(storeLayout(store).audit)) {
      const line = readAuditLine(text);
      if (line.kind !== 'garbage' && (pid === undefined || concerns(line.record, pid))) records.push(line.record);
    }
  } catch (error) {
    if (error instanceof RunnerError && error.details['errno'] === 'ENOENT') return records;
    throw new RunnerError('store_io_failed', `The audit trail cannot be read: ${toFault(error).message}`, {
      cause: error,
    });
  }
  return records;
}

function concerns({ details }: AuditRecord, pid: string): boolean {
  const pids = details?.['pids'];
  return Array.isArray(pids) && pids.includes(pid);
}
