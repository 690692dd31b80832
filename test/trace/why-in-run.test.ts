import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyActor, whyInRun } from '../../src/causes/index.js';
import { filesOfRun, GAP, listTraceRuns, readRunBlocks, readTraceHeader, walkRun } from '../../src/trace/index.js';
import { readRecords } from '../../src/api/traces/read-records.js';
import { writeBigTrace } from './support/big-trace.js';

const folder = mkdtempSync(join(tmpdir(), 'procvision-big-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RECORDS = 40_000;
let file = '';
let files: readonly string[] = [];
beforeAll(async () => {
  file = await writeBigTrace(folder, RECORDS, 8 * 1024);
  files = await filesOfRun(file);
});

describe('why, of a run of many files', () => {
  it('steps only some of them, and says what the whole run says', async () => {
    expect(files.length).toBeGreaterThan(10);
    const gone: number[] = [];
    const onProgress = (_done: number, of: number): void => void gone.push(of);
    const report = await whyInRun(files, 'screw-check@1.0.0', { wholeBytesMax: 0, onProgress });
    expect(report).toEqual(await whyActor(walkRun(file), 'screw-check@1.0.0'));
    expect(gone.at(-1)).toBeLessThan(files.length / 2);
  });

  it('finds what led from one actor to another', async () => {
    const { links, isCut } = await whyInRun(files, 'package/screw-check@1.0.0/process/1', { wholeBytesMax: 0 });
    expect(links.map(({ record }) => record.event)).toEqual(['package.stop', 'process.stop']);
    expect(isCut).toBe(false);
  });

  it('goes through a small run from its begin', async () => {
    expect(await whyInRun(files, 'screw-check@1.0.0')).toEqual(await whyActor(walkRun(file), 'screw-check@1.0.0'));
  });

  it('names the actors of every file when it is asked for another', async () => {
    await expect(whyInRun(files, 'nobody', { wholeBytesMax: 0 })).rejects.toThrow(/nobody/);
  });

  it('says that there may be more where what led to it lies too far back', async () => {
    const heartbeat = 'package/screw-check@1.0.0/process/1/heartbeat';
    const report = await whyInRun(files.slice(3), heartbeat, { wholeBytesMax: 0 });
    expect(report.isCut).toBe(true);
  });
});

describe('the last records of a run of many files', () => {
  const seqs = async (options: Parameters<typeof readRecords>[1]): Promise<number[]> => {
    const found: number[] = [];
    for await (const records of readRecords(files, options)) found.push(...records.map(({ seq }) => seq));
    return found;
  };

  it('are those that a filter over all of them gives', async () => {
    for (const filter of [{}, { event: 'call.requested' }, { pid: 'A01' }, { release: 'screw-check@1.0.0' }]) {
      const all = await seqs({ filter });
      expect(await seqs({ filter, tail: 700 })).toEqual(all.slice(-700));
    }
  });

  it('are read from the last files alone', async () => {
    let read = 0;
    await seqs({ filter: {}, tail: 100, onProgress: (done) => void (read = done) });
    expect(read).toBeLessThanOrEqual(3);
  });

  it('are told block by block, and a missing file as a gap', async () => {
    const without = [...files.slice(0, 2), ...files.slice(3)];
    const gaps: unknown[] = [];
    for await (const records of readRunBlocks(without)) gaps.push(...records.filter(({ event }) => event === GAP));
    const { first_seq: from } = await readTraceHeader(files[2] ?? '');
    const { first_seq: next } = await readTraceHeader(files[3] ?? '');
    expect(gaps).toMatchObject([{ seq: next - 1, data: { missing: next - from, reason: { name: 'store_corrupt' } } }]);
  });
});

it('listing a run of many files reads its first and its last one', async () => {
  const [run] = await listTraceRuns(folder);
  expect(run).toMatchObject({ end: 'closed', records: RECORDS + 2, firstSeq: 1 });
  expect(readdirSync(folder)).toHaveLength(files.length);
});
