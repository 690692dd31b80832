import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { replay } from '../../../../src/api/trace.js';
import type { TraceRecord } from '../../../../src/api/trace.js';
import { PYTHON } from '../../../support/python.js';
import { encodeTrace } from '../support/encode-trace.js';
import { historyFile, readHistoryFile } from '../support/histories.js';

/**
 * Keeps the trace of a run for ever, with the names of this machine's folders taken out.
 *
 * @throws when the machines that have just written it cannot be led through it
 */
export async function keep(name: string, file: string | null, store: string): Promise<void> {
  const { header, records } = await readHistoryFile(file ?? '');
  const kept = encodeTrace(
    { ...header, run: name },
    records.map((record) => elsewhere(record, store)),
  );
  writeFileSync(historyFile(name), kept);
  const { first, violations } = await replay(historyFile(name));
  if (first !== null || violations.length > 0) throw new Error(JSON.stringify({ name, first, violations }, null, 2));
}

function elsewhere(record: TraceRecord, store: string): TraceRecord {
  const places: readonly (readonly [string, string])[] = [
    [store, '/srv/store'],
    [process.env['PATH'] ?? '', '/usr/bin'],
    [dirname(PYTHON), '/usr/bin'],
    [process.env['TMPDIR'] ?? '', '/tmp'],
  ];
  let data = JSON.stringify(record.data);
  for (const [here, there] of places) if (here !== '') data = data.replaceAll(JSON.stringify(here).slice(1, -1), there);
  return { ...record, data: JSON.parse(data) as TraceRecord['data'] };
}
