import type * as fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type { RunnerError } from '../../src/errors/index.js';
import { KIND, recorderIn, scratchFolder } from './support/traces.js';

const disk = vi.hoisted(() => ({ full: false }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const refuse = (): void => {
    if (disk.full) throw Object.assign(new Error('ENOSPC: injected'), { code: 'ENOSPC' });
  };
  return {
    ...real,
    openSync: (...args: Parameters<typeof fs.openSync>) => (refuse(), real.openSync(...args)),
    writeSync: (...args: Parameters<typeof fs.writeSync>) => (refuse(), real.writeSync(...args)),
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

describe('a disk that refuses stops the trace, not the Runner', () => {
  test('the loss is reported once, and what is recorded afterwards costs nothing', () => {
    const { recorder, kind, losses } = recorderOnFullDisk();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10_000; i++) recorder.record(kind, `,${i}`);
      recorder.flush();
    }
    recorder.close();
    expect(losses).toHaveLength(1);
    expect(losses[0]).toMatchObject({ code: '3019', faultName: 'store_io_failed' });
    expect(losses[0]?.message).toContain(recorder.file());
  });

  test('nor does a record too long for the buffer reach its caller', () => {
    const { recorder, kind, losses } = recorderOnFullDisk();
    for (const length of [50_000, 1_000_000, 50_000]) recorder.record(kind, `,"${'x'.repeat(length)}"`);
    recorder.close();
    expect(losses).toHaveLength(1);
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
