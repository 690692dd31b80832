import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { InvariantMonitor } from '../../src/api/trace.js';
import type { BrokenInvariant, TraceRecord } from '../../src/api/trace.js';
import type { RunnerError } from '../../src/index.js';
import { brokenInvariants } from '../../src/runner/doctor/monitor.js';
import { monitorInvariants } from '../../src/runner/host/monitoring.js';
import { scratchFolder } from '../support/own-folder.js';
import { historyNames } from './recorded/support/histories.js';
import { find, recordsOf, told, twice } from './support/changed.js';

const crash = await recordsOf('crash-breaker-half-open');

interface Heard {
  readonly broken: BrokenInvariant[];
  readonly off: RunnerError[];
}

function watch(records: Iterable<TraceRecord>): Heard & { readonly monitor: InvariantMonitor } {
  const heard: Heard = { broken: [], off: [] };
  const monitor = new InvariantMonitor({
    onBroken: (broken) => void heard.broken.push(broken),
    onOff: (why) => void heard.off.push(why),
  });
  for (const record of records) monitor.take(record);
  return { ...heard, monitor };
}

/** The first whole call of a history, up to where its process is at rest again. */
function oneCall(records: readonly TraceRecord[]): {
  readonly before: readonly TraceRecord[];
  readonly call: readonly TraceRecord[];
} {
  const from = records.findIndex(({ event }) => event === 'call.requested');
  const to = records.findIndex(({ event }, i) => i > from && event === 'call.settled');
  return { before: records.slice(0, from), call: records.slice(from, to + 1) };
}

function* oftenCalled(times: number): Generator<TraceRecord> {
  const { before, call } = oneCall(crash);
  yield* before;
  const length = call.length;
  const firstSeq = call[0]?.seq ?? 0;
  for (let round = 0; round < times; round++)
    for (const [i, record] of call.entries()) {
      const data = 'callId' in record.data ? { ...record.data, callId: round + 1 } : record.data;
      yield { ...record, data, seq: firstSeq + round * length + i, atUs: record.atUs + round };
    }
}

const usedBytes = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
};

describe('the monitor', () => {
  test.each(historyNames())('has nothing to say about %s', async (name) => {
    const { broken, off } = watch(await recordsOf(name));
    expect({ broken, off }).toEqual({ broken: [], off: [] });
  });

  test('tells which invariant is broken, at which record, once', () => {
    const { seq } = find(crash, ({ event }) => event === 'call.dispatched');
    const { broken } = watch(twice(crash, seq));
    expect(broken.map(({ invariant }) => invariant)).toContain(6);
    expect(broken.find(({ invariant }) => invariant === 6)?.wrong).toMatch(/process\/1/);
    expect(broken.every((one) => one.seq > 0 && one.timeMs > 0)).toBe(true);
    expect(new Set(broken.map(({ wrong }) => wrong)).size).toBe(broken.length);
  });

  test('takes a state the machines do not lead to for a broken invariant 14', () => {
    const { seq } = find(crash, ({ event }) => event === 'call.dispatched');
    expect(watch(told(crash, seq, { after: 'Starting' })).broken[0]).toMatchObject({ invariant: 14, seq });
  });

  test('is off, with a reason, instead of throwing at what it cannot understand', () => {
    const { off, monitor } = watch(crash.slice(10));
    expect(off).toHaveLength(1);
    expect(off[0]?.message).toMatch(/^The monitor of the invariants is off: /);
    expect(monitor.isOff).toBe(true);
  });

  test('takes no more memory the longer a run is', () => {
    const { monitor } = watch(oftenCalled(500));
    const before = usedBytes();
    for (const record of oftenCalled(5_000)) if (record.event.startsWith('call.')) monitor.take(record);
    expect(monitor.isOff).toBe(false);
    expect(usedBytes() - before).toBeLessThan(2_000_000);
  });
});

describe('watching the trace of a Runner', () => {
  const feed = (records: Iterable<TraceRecord>) => ({
    async *records() {
      await Promise.resolve();
      yield* records;
    },
  });

  test('tells listeners, whatever they do, names the problem and logs it as an error', async () => {
    const logs = scratchFolder();
    const problems: string[] = [];
    const { seq } = find(crash, ({ event }) => event === 'call.dispatched');
    const { listeners, close } = monitorInvariants({
      trace: feed(twice(crash, seq)) as never,
      logs,
      onProblem: ({ message }) => void problems.push(message),
    });
    const heard: number[] = [];
    listeners.add(() => {
      throw new Error('a bug of the host');
    });
    listeners.add(({ invariant }) => void heard.push(invariant));
    await close();
    expect(heard).toContain(6);
    expect(problems).toContainEqual(expect.stringMatching(/^invariant 6 is broken at record \d+: /));
    const [line = '{}'] = readFileSync(join(logs, 'runner.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({ level: 'error', release: 'runner' });
    expect(await brokenInvariants(logs)).toContainEqual(
      expect.stringMatching(/^invariant 6 is broken at record \d+: .*runner\.jsonl\)$/),
    );
  });

  test('has nothing for the doctor where nothing was broken', async () => {
    expect(await brokenInvariants(scratchFolder())).toEqual([]);
  });

  test('that cannot be read any more turns the monitor off and nothing else', async () => {
    const problems: string[] = [];
    const broken = {
      async *records(): AsyncGenerator<TraceRecord> {
        await Promise.resolve();
        yield* crash.slice(0, 5);
        throw new Error('rotated away');
      },
    };
    const { close, offBecause } = monitorInvariants({
      trace: broken as never,
      logs: scratchFolder(),
      onProblem: ({ message }) => void problems.push(message),
    });
    await close();
    expect(offBecause()?.message).toContain('rotated away');
    expect(problems).toEqual([expect.stringContaining('rotated away')]);
  });
});
