import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTrace, readTraceHeader } from '../../../../src/api/trace.js';
import type { TraceHeader, TraceRecord } from '../../../../src/api/trace.js';

export const HISTORIES = fileURLToPath(new URL('../histories/', import.meta.url));
const SUFFIX = '.trace.jsonl';

export const historyFile = (name: string): string => `${HISTORIES}${name}${SUFFIX}`;

/** Names of the recorded histories. */
export const historyNames = (): readonly string[] =>
  readdirSync(HISTORIES)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();

export interface History {
  readonly header: TraceHeader;
  readonly records: readonly TraceRecord[];
}

export async function readHistoryFile(file: string): Promise<History> {
  const header = await readTraceHeader(file);
  const records: TraceRecord[] = [];
  for await (const record of readTrace(file)) records.push(record);
  return { header, records };
}
