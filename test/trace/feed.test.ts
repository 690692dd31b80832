import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunnerError } from '../../src/index.js';
import { GAP, readRun, TraceFeed } from '../../src/trace/index.js';
import type { Recorder, TraceRecord } from '../../src/trace/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { KIND, recorderIn, scratchFolder } from './support/traces.js';

/** A feed over a recorder that is written by hand. */
function openFeed(more: Parameters<typeof recorderIn>[1] = {}) {
  const folder = scratchFolder();
  const recorder = recorderIn(folder, more);
  const feed = new TraceFeed(recorder);
  const kind = recorder.kind(KIND);
  let written = 0;
  return {
    folder,
    recorder,
    feed,
    /** So many records; the payload of each is its number. */
    write(count: number): void {
      for (let i = 0; i < count; i++) {
        written += 1;
        const event = { type: KIND.e, callId: written };
        if (!recorder.recordSmall(kind, event, KIND.d)) recorder.record(kind, `,${written}`);
      }
    },
    close(): void {
      recorder.close();
      feed.end();
    },
  };
}

const numbers = (count: number, from = 1): number[] => Array.from({ length: count }, (_, i) => from + i);
const seqsOf = (records: readonly TraceRecord[]): number[] => records.map(({ seq }) => seq);

/** What a subscription gets until its end. */
function subscribed(feed: TraceFeed, fromSeq?: number): Promise<{ records: TraceRecord[]; error: RunnerError | null }> {
  const records: TraceRecord[] = [];
  return new Promise((resolve) => {
    const onEnd = (error: RunnerError | null): void => resolve({ records, error });
    feed.subscribe((record) => records.push(record), { onEnd, ...(fromSeq === undefined ? {} : { fromSeq }) });
  });
}

const fileOf = (recorder: Recorder): string => recorder.file();

describe('a subscription to the live trace', () => {
  test('gets what is recorded from now on, each record as a reader finds it in the file', async () => {
    const { feed, recorder, write, close } = openFeed();
    write(3);
    const ending = subscribed(feed);
    write(5);
    close();
    const { records, error } = await ending;
    const read: TraceRecord[] = [];
    for await (const record of readRun(fileOf(recorder))) read.push(record);
    expect(error).toBeNull();
    expect(records).toEqual(read.slice(3));
    expect(records.map(({ data }) => data)).toEqual(numbers(5, 4).map((callId) => ({ callId })));
  });

  test('gets records of before from the files, and those of now after them, without a gap or one twice', async () => {
    const { feed, write, close } = openFeed();
    write(20_000);
    const ending = subscribed(feed, 2);
    write(10);
    await new Promise((resolve) => setImmediate(resolve));
    write(7_000);
    close();
    expect(seqsOf((await ending).records)).toEqual(numbers(27_009, 2));
  });

  test('is not called while a record is being written', () => {
    const { feed, write, close } = openFeed();
    let calls = 0;
    const subscription = feed.subscribe(() => (calls += 1));
    write(10);
    expect(calls).toBe(0);
    subscription.unsubscribe();
    close();
  });

  test('ends alone when its listener throws', async () => {
    const { feed, write, close } = openFeed();
    const failed = new Promise<RunnerError | null>((resolve) => {
      feed.subscribe(
        () => {
          throw new Error('a listener that fails');
        },
        { onEnd: resolve },
      );
    });
    const other = subscribed(feed);
    write(2);
    expect((await failed)?.message).toContain('a listener that fails');
    write(1);
    close();
    expect(seqsOf((await other).records)).toEqual([1, 2, 3]);
  });

  test('gets nothing any more once it is given up', async () => {
    const { feed, write, close } = openFeed();
    const seen: number[] = [];
    const subscription = feed.subscribe(({ seq }) => {
      seen.push(seq);
      if (seq === 2) subscription.unsubscribe();
    });
    write(5);
    close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual([1, 2]);
  });

  test('costs nothing while nobody listens: the recorder is not even asked to tell', () => {
    const { recorder, write, close } = openFeed();
    const told: unknown[] = [];
    const watched: Recorder = { ...recorder, observe: (observer) => told.push(observer) };
    const feed = new TraceFeed(watched);
    write(3);
    expect(told).toEqual([]);
    const subscription = feed.subscribe(() => undefined);
    expect(told).toHaveLength(1);
    subscription.unsubscribe();
    expect(told).toEqual([expect.anything(), null]);
    close();
  });
});

describe('the iterator over the live trace', () => {
  test('gives every record to a consumer that is slow, and keeps no more than some of them for it', async () => {
    const { feed, write, close } = openFeed({ fileBytesMax: 200_000 });
    const seen: number[] = [];
    const consuming = (async () => {
      for await (const { seq } of feed.records({ fromSeq: 1 })) {
        seen.push(seq);
        if (seq % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    for (let i = 0; i < 12; i++) {
      write(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    close();
    await consuming;
    expect(seen).toEqual(numbers(60_000));
  });

  test('ends when its signal is given', async () => {
    const { feed, write, close } = openFeed();
    const controller = new AbortController();
    const seen: number[] = [];
    const consuming = (async () => {
      for await (const { seq } of feed.records({ fromSeq: 1, signal: controller.signal })) seen.push(seq);
    })();
    write(2);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await consuming;
    expect(seen).toEqual([1, 2]);
    close();
  });

  test('names the oldest record there is when the one wanted is not kept any more', async () => {
    const { feed, write, close } = openFeed({ fileBytesMax: 70_000, bytesMax: 250_000 });
    write(40_000);
    const refusal = await refusalOf(feed.records({ fromSeq: 1 }).next());
    expect(refusal).toMatchObject({ faultName: 'store_io_failed' });
    const oldest = refusal.details['oldest_seq'] as number;
    expect(oldest).toBeGreaterThan(1);
    for await (const { seq } of feed.records({ fromSeq: oldest })) {
      expect(seq).toBe(oldest);
      break;
    }
    close();
  });

  test.each([0, 1.5, NaN, -3])('refuses to begin at %s', async (fromSeq) => {
    const { feed, close } = openFeed();
    expect(() => feed.subscribe(() => undefined, { fromSeq })).toThrow(/whole number from 1/);
    await expect(feed.records({ fromSeq }).next()).rejects.toMatchObject({ faultName: 'invalid_usage' });
    close();
  });

  test('says so when there is no trace', () => {
    expect(() => new TraceFeed(null).subscribe(() => undefined)).toThrow(/keeps no trace/);
  });
});

describe('the files of a run', () => {
  test('read as one sequence, numbered and timed through', async () => {
    const { folder, recorder, write, close } = openFeed({ fileBytesMax: 70_000 });
    write(40_000);
    close();
    const [first = ''] = readdirSync(folder).sort();
    expect(readdirSync(folder).length).toBeGreaterThan(3);
    let last: TraceRecord | undefined;
    for await (const record of readRun(join(folder, first))) {
      expect(record.seq).toBe((last?.seq ?? 0) + 1);
      expect(record.atUs).toBeGreaterThanOrEqual(last?.atUs ?? 0);
      last = record;
    }
    expect(last?.seq).toBe(40_000);
    expect(Math.abs((last?.timeMs ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(recorder.count()).toBe(40_000);
  });

  test('one of them missing in the middle is told as a gap', async () => {
    const { folder, recorder, write, close } = openFeed({ fileBytesMax: 70_000 });
    write(40_000);
    close();
    rmSync(join(folder, readdirSync(folder).sort()[1] ?? ''));
    const gaps: unknown[] = [];
    for await (const record of readRun(fileOf(recorder))) if (record.event === GAP) gaps.push(record);
    expect(gaps).toMatchObject([{ data: { reason: { name: 'store_corrupt', message: 'part 2 was removed' } } }]);
  });
});
