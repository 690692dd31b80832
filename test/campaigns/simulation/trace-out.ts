import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { machineVersions } from '../../../src/runner/host/machines-in-production.js';
import { openRecorder } from '../../../src/trace/index.js';
import type { Recorder } from '../../../src/trace/index.js';
import { Day } from './day.js';
import type { DayOptions, DayReport } from './day-report.js';
import type { DayPlan } from './plan.js';

/**
 * Lives a day once more and keeps what its last host went through, in the format of every trace: `procvision replay`
 * reads it, and so do tests. A failing day ends on the host on which it failed.
 *
 * @param file what is there already is overwritten
 */
export async function writeTrace(file: string, plan: DayPlan, options: DayOptions = {}): Promise<DayReport> {
  const folder = mkdtempSync(join(tmpdir(), 'procvision-simulation-'));
  const recorders: Recorder[] = [];
  try {
    const report = await new Day(plan, {
      ...options,
      recorderFor: (_start, clock) => {
        const recorder = openRecorder({ folder, clock, runnerVersion: '0.0.0', machines: machineVersions() });
        recorders.push(recorder);
        return recorder;
      },
    }).live();
    for (const recorder of recorders) recorder.close();
    const last = recorders.at(-1)?.file();
    mkdirSync(dirname(file), { recursive: true });
    if (last !== undefined) copyFileSync(last, file);
    return report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
