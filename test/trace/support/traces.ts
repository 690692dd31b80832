import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecorder, readTrace } from '../../../src/trace/index.js';
import type { Recorder, RecorderOptions, TraceHeader, TraceRecord } from '../../../src/trace/index.js';
import { cleanAfterEachTest } from '../../support/cleanup.js';

const made: string[] = [];

cleanAfterEachTest(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder for one test, removed afterwards. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'procvision-trace-'));
  made.push(folder);
  return folder;
}

export const KIND = {
  a: 'package/x@1',
  m: 'package',
  e: 'call.requested',
  b: 'Running',
  f: 'Executing',
  d: ['callId'],
};

export const recorderIn = (folder: string, more: Partial<RecorderOptions> = {}): Recorder =>
  openRecorder({ folder, runnerVersion: '0.1.0', machines: { package: 'abcdef012345' }, ...more });

export async function readAll(file: string): Promise<{ records: TraceRecord[]; header: TraceHeader }> {
  const records: TraceRecord[] = [];
  const reading = readTrace(file);
  for (let next = await reading.next(); ; next = await reading.next()) {
    if (next.done === true) return { records, header: next.value };
    records.push(next.value);
  }
}

export const traceFiles = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
