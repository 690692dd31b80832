import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ResourceWatch } from '../../src/effects/os-process/resource-watch.js';
import { readProcessTable, resourceWatchWorks, systemUnits } from '../../src/platform/index.js';
import type { ProcessRow } from '../../src/platform/index.js';

const { pageBytes, ticksPerSecond } = systemUnits();

/** Processes by os pid, as the table shows them next. */
const rows = new Map<number, ProcessRow>();
let looks = 0;
let watch: ResourceWatch;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  rows.clear();
  looks = 0;
  watch = new ResourceWatch(() => {
    looks += 1;
    return Promise.resolve(rows);
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** A process in the table, watched; `seen` are its samples. */
function watched(osPid: number, intervalMs: number) {
  const seen: { cpuPercent: number; residentBytes: number; sinceMs: number }[] = [];
  const uses = (cpuSeconds: number, pages = 1): void => {
    const row = { parent: 1, group: osPid, cpuTicks: cpuSeconds * ticksPerSecond, residentPages: pages };
    rows.set(osPid, row);
  };
  uses(0);
  const unwatch = watch.watch({ osPid, intervalMs, onSample: (sample, sinceMs) => seen.push({ ...sample, sinceMs }) });
  return { seen, uses, unwatch };
}

describe('what a process takes', () => {
  test('is seen once per interval', async () => {
    const { seen } = watched(100, 1000);
    await pass(10_000);
    expect(seen.length).toBeGreaterThanOrEqual(9);
    expect(seen.length).toBeLessThanOrEqual(10);
  });

  test('of CPU counts over the interval, 100 for each core that was busy', async () => {
    const { seen, uses } = watched(100, 1000);
    await pass(1500);
    const { length } = seen;
    uses(0.25);
    await pass(1000);
    uses(2.25);
    await pass(1000);
    await pass(1000);
    expect(seen.slice(length).map(({ cpuPercent }) => cpuPercent)).toEqual([25, 200, 0]);
  });

  test('of memory is what it holds now, in bytes', async () => {
    const { seen, uses } = watched(100, 1000);
    uses(0, 300);
    await pass(2000);
    expect(seen.at(-1)?.residentBytes).toBe(300 * pageBytes);
  });

  test('never is less than nothing: a child that nobody waited for takes its time with it', async () => {
    const { seen, uses } = watched(100, 1000);
    uses(5);
    await pass(2000);
    uses(1);
    await pass(1000);
    expect(seen.at(-1)?.cpuPercent).toBe(0);
  });

  test('each interval begins where the one before ended', async () => {
    const { seen } = watched(100, 1000);
    await pass(5000);
    const begins = seen.map(({ sinceMs }) => sinceMs);
    for (const [i, sinceMs] of begins.slice(1).entries()) expect(sinceMs - (begins[i] ?? 0)).toBeGreaterThan(499);
  });
});

describe('looking costs', () => {
  test('one look for all processes, whenever they started', async () => {
    for (let osPid = 100; osPid < 116; osPid++) {
      watched(osPid, 1000);
      await pass(60);
    }
    await pass(1000);
    looks = 0;
    await pass(10_000);
    expect(looks).toBe(10);
  });

  test('one timer, and none while nobody is watched', () => {
    expect(vi.getTimerCount()).toBe(0);
    const all = [1, 2, 3].map((i) => watched(100 + i, 1000 * i));
    expect(vi.getTimerCount()).toBe(1);
    for (const { unwatch } of all) unwatch();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([0, -1, NaN, Infinity])('nothing at an interval of %d', (intervalMs) => {
    watched(100, intervalMs);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('each process at its own interval', async () => {
    const [often, seldom] = [watched(100, 100), watched(101, 1000)];
    await pass(2000);
    expect(often.seen.length).toBeGreaterThan(17);
    expect(seldom.seen.length).toBeLessThan(3);
  });
});

describe('a process that ends', () => {
  test('is not looked at any more, the others are', async () => {
    const [gone, there] = [watched(100, 1000), watched(101, 1000)];
    await pass(2000);
    gone.unwatch();
    const { length } = gone.seen;
    await pass(3000);
    expect(gone.seen.length).toBe(length);
    expect(there.seen.length).toBeGreaterThan(3);
  });

  test('while the table is read has no sample of it', async () => {
    let answer = (_rows: typeof rows): void => undefined;
    watch = new ResourceWatch(() => new Promise((resolve) => (answer = resolve)));
    const { seen, unwatch } = watched(100, 1000);
    await pass(2000);
    unwatch();
    answer(rows);
    await pass(0);
    expect(seen).toEqual([]);
  });

  test('and is not in the table has no sample, and later ones go on', async () => {
    const { seen, uses } = watched(100, 1000);
    rows.clear();
    await pass(3000);
    expect(seen).toEqual([]);
    uses(0);
    await pass(1000);
    expect(seen.length).toBe(1);
  });
});

describe.runIf(resourceWatchWorks())('the process table of this host', () => {
  test('shows this process under its parent, with memory', async () => {
    vi.useRealTimers();
    const row = (await readProcessTable()).get(process.pid);
    expect(row?.parent).toBe(process.ppid);
    const resident = (row?.residentPages ?? 0) * pageBytes;
    expect(resident / process.memoryUsage().rss).toBeGreaterThan(0.8);
    expect(resident / process.memoryUsage().rss).toBeLessThan(1.2);
  });

  test('counts its CPU time', async () => {
    vi.useRealTimers();
    const seconds = async () => ((await readProcessTable()).get(process.pid)?.cpuTicks ?? 0) / ticksPerSecond;
    const before = await seconds();
    const { user, system } = process.cpuUsage();
    for (const until = performance.now() + 200; performance.now() < until;);
    const used = process.cpuUsage();
    const known = (used.user + used.system - user - system) / 1e6;
    expect(Math.abs((await seconds()) - before - known)).toBeLessThan(0.05);
  });
});
