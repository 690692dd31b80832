import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replay } from '../../src/api/trace.js';
import type { TraceRecord } from '../../src/api/trace.js';
import { openRecorder, readTraceHeader } from '../../src/trace/index.js';
import { gapRecord } from '../../src/trace/gap.js';
import { scratchFolder } from '../support/own-folder.js';
import { recordsOf } from './support/changed.js';

const records = await recordsOf('crash-breaker-half-open');

/** Writes the records as a Runner would that begins a file every few of them. @returns the last one */
function written(history: readonly TraceRecord[], bytesMax: number): string {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, wallMs: () => 1_700_000_000_000 + nowMs };
  const folder = scratchFolder();
  const recorder = openRecorder({ folder, runnerVersion: '0', machines: {}, fileBytesMax: 2_000, bytesMax, clock });
  const kinds = new Map<string, number>();
  for (const { atUs, actor: a, machine: m, event: e, before: b, after: f, data } of history) {
    nowMs = atUs / 1_000;
    const kind = { a, m, e, b, f, d: Object.keys(data) };
    const key = JSON.stringify(kind);
    const k = kinds.get(key) ?? recorder.kind(kind);
    kinds.set(key, k);
    recorder.record(k, kind.d.map((field) => `,${JSON.stringify(data[field])}`).join(''));
    recorder.flush();
  }
  recorder.close();
  expect(readdirSync(folder).length).toBeGreaterThan(2);
  return recorder.file();
}

describe('a trace in several files', () => {
  test('is replayed as one, whichever of them is named', async () => {
    expect(await replay(written(records, 100_000_000))).toMatchObject({ isExact: true, records: records.length });
  });

  test('with a gap between them, and nothing told of where its actors stood, goes on as far as it can', async () => {
    const file = written(records, 100_000_000);
    const whole = await replay(file);
    const gap = gapRecord(await readTraceHeader(file), {
      from_seq: 1,
      since: '2026-01-01T00:00:00.000Z',
      reason: 'ENOSPC',
    });
    expect(await replay([...records, gap])).toMatchObject({
      ...{ isExact: true, records: whole.records, isFromBegin: false },
      gaps: [{ beforeSeq: gap.seq + 1, missing: gap.seq }],
    });
  });

  test('that does not tell where its actors stood cannot be replayed without its first file, and says so', async () => {
    await expect(replay(written(records, 16_000))).rejects.toMatchObject({
      faultName: 'store_corrupt',
      message: expect.stringContaining('in the middle of a run') as string,
    });
  });
});
