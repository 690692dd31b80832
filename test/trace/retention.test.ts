import { mkdirSync, readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastServedRun, listTraceFiles, listTraceRuns } from '../../src/trace/index.js';
import type { RecorderOptions } from '../../src/trace/index.js';
import { KIND, recorderIn, scratchFolder } from './support/traces.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const CALL = KIND;
const QUIET = { ...KIND, e: 'package.reported', d: ['n'] };
const FAILING = { ...KIND, e: 'call.answered', d: ['callId', 'outcome'] };

interface Life {
  readonly kind?: typeof CALL;
  readonly values?: string;
  readonly bytes?: number;
  readonly killed?: boolean;
  readonly atMs?: number;
}

/** One life of a Runner. @returns the name of its run */
function live(folder: string, life: Life, options: Partial<RecorderOptions> = {}): string {
  const { kind = QUIET, values = ',1', bytes = 0, killed = false, atMs = Date.now() } = life;
  const recorder = recorderIn(folder, { ...options, clock: { nowMs: () => 0, wallMs: () => atMs } });
  const number = recorder.kind(kind);
  recorder.record(number, values);
  const filler = recorder.kind({ ...QUIET, e: 'filler' });
  for (let written = 0; written < bytes; written += 1_000) recorder.record(filler, `,"${'x'.repeat(990)}"`);
  recorder.flush();
  const { run } = recorder;
  if (!killed) recorder.close();
  return run;
}

const runsIn = async (folder: string): Promise<readonly string[]> =>
  (await listTraceRuns(folder)).map(({ run }) => run);

describe('what is kept of the traces of a store', () => {
  test('outlives any number of small runs that hold nothing, where it failed or was not closed', async () => {
    const folder = scratchFolder();
    const failed = live(folder, { kind: FAILING, values: ',1,"lost"' });
    const killed = live(folder, { killed: true });
    const quiet = live(folder, { values: ',1' });
    for (let i = 0; i < 40; i++) live(folder, {}, { bytesMax: 80_000, fileBytesMax: 1_000 });
    const runs = await runsIn(folder);
    expect(runs).toEqual(expect.arrayContaining([failed, killed]));
    expect(runs).not.toContain(quiet);
    expect(runs.length).toBeLessThan(25);
  });

  test('leaves what failed no more than half of the room once there is something else to keep', async () => {
    const folder = scratchFolder();
    for (let i = 0; i < 10; i++) live(folder, { killed: true, bytes: 20_000 });
    const served = Array.from({ length: 4 }, () =>
      live(folder, { bytes: 20_000 }, { bytesMax: 200_000, fileBytesMax: 20_000 }),
    );
    const runs = await runsIn(folder);
    expect(runs).toEqual(expect.arrayContaining(served));
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(220_000);
  });

  test('has no hole within a run', async () => {
    const folder = scratchFolder();
    const recorder = recorderIn(folder, { fileBytesMax: 5_000, bytesMax: 40_000 });
    const [quiet, failing] = [recorder.kind(QUIET), recorder.kind(FAILING)];
    for (let i = 0; i < 60; i++) {
      recorder.record(quiet, `,"${'x'.repeat(990)}"`);
      if (i % 10 === 0) recorder.record(failing, ',1,"lost"');
      recorder.flush();
    }
    recorder.close();
    const parts = (await listTraceFiles(folder)).map(({ part }) => part);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts).toEqual(parts.map((_part, i) => (parts[0] ?? 0) + i));
  });

  test('is never too many files: a thousand small runs stay', async () => {
    const folder = scratchFolder();
    for (let i = 0; i < 1_000; i++)
      writeFileSync(join(folder, `2026-01-01T00-00-00-000Z-${i}.0001.trace.jsonl`), '{}\n');
    live(folder, {});
    expect(await listTraceFiles(folder)).toHaveLength(1_001);
  });

  test('goes when it is older than so many days of work, but not by a pause or a clock that was wrong', async () => {
    const folder = scratchFolder();
    const dated = (day: number): string => {
      const run = live(folder, {});
      const file = readdirSync(folder).find((name) => name.startsWith(run)) ?? '';
      utimesSync(join(folder, file), new Date(day * DAY_MS), new Date(day * DAY_MS));
      return run;
    };
    const [old, , , , , young] = [0, 5, 10, 15, 20, 25].map((day) => dated(20_000 + day)) as [string, ...string[]];
    // A year in a drawer counts a week, and so does a clock that is a lifetime ahead.
    live(folder, {}, { ageMaxDays: 20 });
    const runs = await runsIn(folder);
    expect(runs).not.toContain(old);
    expect(runs).toContain(young);
  });

  test('does not care what else lies in the folder', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'x.0001.trace.jsonl'));
    symlinkSync('/etc/hosts', join(folder, 'y.0001.trace.jsonl'));
    writeFileSync(join(folder, 'notes.txt'), 'x'.repeat(100_000));
    live(folder, { bytes: 20_000 }, { bytesMax: 1 });
    expect(readdirSync(folder)).toHaveLength(4);
    expect(await listTraceFiles(folder)).toHaveLength(1);
  });
});

describe('a run', () => {
  test('comes after those before it, though the clock was a lifetime ahead then', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, '2098-01-01T00-00-00-000Z-1.0001.trace.jsonl'), '');
    const ahead = live(folder, { atMs: Date.parse('2099-01-01T00:00:00Z') });
    const right = live(folder, { atMs: Date.parse('2026-01-01T00:00:00Z') });
    expect((await runsIn(folder)).slice(1)).toEqual([ahead, right]);
  });

  test('that served is the last one, whatever was opened since', async () => {
    const folder = scratchFolder();
    const served = live(folder, { kind: CALL, killed: true });
    live(folder, {});
    live(folder, { killed: true });
    expect(await lastServedRun(await listTraceFiles(folder))).toBe(served);
    const later = live(folder, { kind: CALL });
    live(folder, {});
    expect(await lastServedRun(await listTraceFiles(folder))).toBe(later);
  });

  test('in which nothing was done leaves no file, where that is wanted', async () => {
    const folder = scratchFolder();
    live(folder, {}, { dropUneventful: true });
    const kept = live(folder, { kind: CALL }, { dropUneventful: true });
    expect(await runsIn(folder)).toEqual([kept]);
  });
});
