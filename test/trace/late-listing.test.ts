import type * as fs from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { listTraceFiles, TraceTail } from '../../src/trace/index.js';
import type { TraceRecord } from '../../src/trace/index.js';
import { KIND, recorderIn, scratchFolder } from './support/traces.js';

/** Names that the next listing does not have yet although they are there, as one that began before they were created. */
const late = vi.hoisted(() => new Set<string>());

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  const nameOf = (entry: unknown): string => (typeof entry === 'string' ? entry : (entry as { name: string }).name);
  const readdir = async (...args: unknown[]): Promise<unknown[]> => {
    const entries = await (real.readdir as (...given: unknown[]) => Promise<unknown[]>)(...args);
    const missed = new Set(late);
    late.clear();
    return entries.filter((entry) => !missed.has(nameOf(entry)));
  };
  return { ...real, readdir };
});

test('whoever follows a run misses no file that a listing missed while it was created', async () => {
  const folder = scratchFolder();
  const recorder = recorderIn(folder, { fileBytesMax: 100 });
  const kind = recorder.kind(KIND);
  for (const callId of [1, 2, 3]) {
    recorder.record(kind, `,${callId}`);
    recorder.flush();
  }
  const [first, second] = await listTraceFiles(folder);
  const tail = await TraceTail.open(first?.path ?? '');
  late.add((second?.path ?? '').slice(folder.length + 1));
  const records: TraceRecord[] = [];
  for (let batch = await tail.next(); batch.length > 0; batch = await tail.next()) records.push(...batch);
  await tail.close();
  recorder.close();
  expect(records.map(({ data }) => data['callId'])).toEqual([1, 2, 3]);
});
