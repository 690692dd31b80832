import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readAuditLine, storeLayout } from '../store/index.js';
import type { AuditRecord } from '../store/index.js';

/**
 * Everything the audit trail holds of one PID, the oldest first: activations, switches, rollbacks, ends of probations,
 * with who asked and how it ended. Needs no lock; lines that are no records are left out (`audit verify` names them).
 */
export async function readHistory(store: string, pid: string): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  const lines = createInterface({ input: createReadStream(storeLayout(store).audit), crlfDelay: Infinity });
  try {
    for await (const text of lines) {
      const line = readAuditLine(text);
      if (line.kind !== 'garbage' && concerns(line.record, pid)) records.push(line.record);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return records;
}

function concerns({ details }: AuditRecord, pid: string): boolean {
  const pids = details?.['pids'];
  return Array.isArray(pids) && pids.includes(pid);
}
