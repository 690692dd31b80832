import { readdirSync, rmSync, statSync } from 'node:fs';
import type * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { RunnerError } from '../../src/base/errors/index.js';
import { recentGaps } from '../../src/runner/doctor/traces.js';
import { GAP, listTraceRuns, readRun } from '../../src/trace/index.js';
import { eventually } from '../support/eventually.js';
import { KIND, recorderIn, scratchFolder } from './support/traces.js';

const disk = vi.hoisted(() => ({ full: false, partly: false, tries: 0 }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const refuse = (): void => {
    disk.tries += 1;
    if (disk.full) throw Object.assign(new Error('ENOSPC: injected'), { code: 'ENOSPC' });
  };
  return {
    ...real,
    openSync: (...args: Parameters<typeof fs.openSync>) => (refuse(), real.openSync(...args)),
    writeSync: (descriptor: number, bytes: Uint8Array, at?: number) => {
      refuse();
      if (!disk.partly) return real.writeSync(descriptor, bytes, at);
      if ((at ?? 0) === 0 && bytes.length > 4) return real.writeSync(descriptor, bytes, 0, 4);
      throw Object.assign(new Error('ENOSPC: injected'), { code: 'ENOSPC' });
    },
  };
});

/** A recorder whose disk runs full once it is open. */
function recorderOnFullDisk() {
  disk.full = false;
  const losses: RunnerError[] = [];
  const recorder = recorderIn(scratchFolder(), { onLoss: (error) => losses.push(error) });
  const kind = recorder.kind(KIND);
  recorder.record(kind, ',1');
  recorder.flush();
  disk.full = true;
  return { recorder, kind, losses };
}

describe('a disk that refuses ends a file of the trace, not the Runner', () => {
  test('the loss is reported once, and what is recorded afterwards costs nothing', () => {
    const { recorder, kind, losses } = recorderOnFullDisk();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10_000; i++) recorder.record(kind, `,${i}`);
      recorder.flush();
    }
    recorder.close();
    expect(losses).toHaveLength(1);
    expect(losses[0]).toMatchObject({ code: '3027', faultName: 'trace_interrupted' });
    expect(losses[0]?.message).toContain(recorder.file());
  });

  test('nor does a record too long for the buffer reach its caller', () => {
    const { recorder, kind, losses } = recorderOnFullDisk();
    for (const length of [50_000, 1_000_000, 50_000]) recorder.record(kind, `,"${'x'.repeat(length)}"`);
    recorder.close();
    expect(losses).toHaveLength(1);
  });

  test('the trace goes on in a new file as soon as the disk takes it again, which says what is missing', async () => {
    const { recorder, kind } = recorderOnFullDisk();
    for (let i = 2; i <= 5; i++) recorder.record(kind, `,${i}`);
    recorder.flush();
    for (let i = 6; i <= 9; i++) recorder.record(kind, `,${i}`);
    disk.full = false;
    const first = recorder.file();
    await eventually(() => expect(recorder.file()).not.toBe(first));
    recorder.record(kind, ',10');
    recorder.close();
    const seen: unknown[] = [];
    for await (const { seq, event, data } of readRun(recorder.file()))
      seen.push(event === GAP ? [seq, data['missing']] : [seq, data['callId']]);
    expect(seen).toEqual([
      [1, 1],
      [9, 8],
      [10, 10],
    ]);
    const [run] = await listTraceRuns(recorder.folder);
    expect(run).toMatchObject({ end: 'closed', problem: null, gaps: [{ beforeSeq: 10, missing: 8 }] });
    expect(run?.gaps[0]?.reason).toContain('ENOSPC');
    expect(await recentGaps(recorder.folder)).toEqual([expect.stringContaining('gap of 8 records')]);
  });

  test('so it does when somebody removed the file that was written to, even with its folder', async () => {
    disk.full = false;
    const losses: RunnerError[] = [];
    const recorder = recorderIn(join(scratchFolder(), 'traces'), { onLoss: (error) => losses.push(error) });
    const kind = recorder.kind(KIND);
    recorder.record(kind, ',1');
    recorder.flush();
    const first = recorder.file();
    rmSync(recorder.folder, { recursive: true });
    recorder.record(kind, ',2');
    recorder.flush();
    expect(losses.map(({ message }) => message)).toEqual([
      `The trace ${first} cannot be written: the file was removed`,
    ]);
    await eventually(() => expect(recorder.file()).not.toBe(first));
    recorder.record(kind, ',3');
    recorder.close();
    const [run] = await listTraceRuns(recorder.folder);
    expect(run).toMatchObject({ gaps: [{ beforeSeq: 3, missing: 2, reason: 'the file was removed' }] });
  });

  test('a Runner that closes before leaves word of it, if the disk takes anything by then', async () => {
    const { recorder, kind } = recorderOnFullDisk();
    recorder.record(kind, ',2');
    recorder.flush();
    disk.full = false;
    recorder.close();
    expect((await listTraceRuns(recorder.folder))[0]).toMatchObject({ end: 'closed', gaps: [{ missing: 1 }] });
  });

  test('a whole block is in a file or nothing of it', async () => {
    const { recorder, kind } = recorderOnFullDisk();
    const [file, bytes] = [recorder.file(), statSync(recorder.file()).size];
    disk.full = false;
    disk.partly = true;
    for (let i = 2; i <= 5; i++) recorder.record(kind, `,${i}`);
    recorder.flush();
    disk.partly = false;
    recorder.close();
    expect(statSync(file).size).toBe(bytes);
    expect((await listTraceRuns(recorder.folder))[0]).toMatchObject({ gaps: [{ missing: 4 }] });
  });

  test('a folder full of failures to begin a file stays empty', async () => {
    const { recorder, kind } = recorderOnFullDisk();
    recorder.record(kind, ',2');
    recorder.flush();
    for (let i = 0; i < 3; i++) {
      disk.tries = 0;
      recorder.record(kind, ',3');
      await eventually(() => expect(disk.tries).toBeGreaterThan(0));
    }
    expect(readdirSync(recorder.folder)).toHaveLength(1);
    recorder.close();
  });

  test('a file that cannot be opened at all is such a loss', () => {
    disk.full = true;
    const losses: RunnerError[] = [];
    const recorder = recorderIn(scratchFolder(), { onLoss: (error) => losses.push(error) });
    recorder.record(recorder.kind(KIND), ',1');
    recorder.flush();
    recorder.close();
    expect(losses).toHaveLength(1);
  });
});
