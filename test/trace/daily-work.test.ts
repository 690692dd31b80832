import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withoutDailyWork } from '../../src/causes/daily-work.js';
import { nextEvents, nextInRun, whyActor, whyInRun } from '../../src/api/trace.js';
import { filesOfRun, readRunBlocks, readRun, walkRun } from '../../src/trace/index.js';
import { writeBigTrace } from './support/big-trace.js';
import { fatalShift } from './support/story.js';

const folder = mkdtempSync(join(tmpdir(), 'procvision-daily-work-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is taken apart of a run, and how many records it has. */
async function chosenOf(files: readonly string[]): Promise<{ seqs: number[]; records: number }> {
  const seqs: number[] = [];
  for await (const records of readRunBlocks(files, { choose: withoutDailyWork }))
    seqs.push(...records.map(({ seq }) => seq));
  let records = 0;
  for await (const { seq } of readRun(files[0] ?? '')) records = seq;
  return { seqs, records };
}

describe('a run in one large file', async () => {
  const file = await writeBigTrace(folder, 60_000, Infinity);
  const files = await filesOfRun(file);

  it('is stepped but for the daily work in it', async () => {
    expect(files).toHaveLength(1);
    const { seqs, records } = await chosenOf(files);
    expect(records).toBe(60_002);
    expect(seqs.length).toBeLessThan(500);
    expect([seqs[0], seqs.at(-1)]).toEqual([1, records]);
  });

  it('answers why and what next as when every record is stepped', async () => {
    for (const actor of ['screw-check@1.0.0', 'package/screw-check@1.0.0/process/1']) {
      expect(await whyInRun(files, actor)).toEqual(await whyActor(walkRun(file), actor));
      expect(await nextInRun(files, actor).catch(String)).toEqual(await nextEvents(walkRun(file), actor).catch(String));
    }
  });
});

describe('what is not daily work', async () => {
  const { file } = await fatalShift();

  it('is kept whole where everything lies close together', async () => {
    const { seqs, records } = await chosenOf(await filesOfRun(file));
    expect(seqs).toHaveLength(records);
  });
});
