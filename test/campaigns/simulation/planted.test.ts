import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processMachine } from '../../../machines/index.js';
import { watchTrace } from '../../../src/replay/index.js';
import { PRODUCTION } from '../../../src/runner/host/machines-in-production.js';
import { readTrace } from '../../../src/trace/index.js';
import { scratchFolder } from '../../support/own-folder.js';
import { Day } from './day.js';
import type { DayOptions } from './day-report.js';
import { SimulatedDisk } from './disk.js';
import { planOf } from './plan.js';
import type { DayPlan } from './plan.js';
import { shrink } from './shrink.js';
import { writeTrace } from './trace-out.js';
import type { Violation } from './watch.js';

/** A process is killed for the first ping it misses. */
const impatient: DayOptions = {
  machines: {
    ...PRODUCTION,
    process: processMachine.provide({ guards: { missedTwiceAtRest: () => true } }),
  },
};

/** Every seventh write is answered and forgotten. */
class ForgetfulDisk extends SimulatedDisk {
  #writes = 0;

  override finish(...[written, lost]: Parameters<SimulatedDisk['finish']>): void {
    this.#writes += 1;
    if (this.#writes % 7 === 0) this.undo(written);
    else super.finish(written, lost);
  }
}
const forgetful: DayOptions = { disk: () => new ForgetfulDisk() };

/** The first day of some that shows the defect. */
async function found(options: DayOptions): Promise<{ plan: DayPlan; first: Violation }> {
  for (let seed = 1; seed <= 20; seed++) {
    const plan = { ...planOf(seed), endMs: 5 * 60_000 };
    const [first] = (await new Day(plan, { ...options, shortened: true }).live()).violations;
    if (first !== undefined) return { plan, first };
  }
  throw new Error('no day shows the defect');
}

describe('a planted defect', () => {
  test(
    'of a machine is found, made short, lived again exactly and replayed from its trace',
    { timeout: 120_000 },
    async () => {
      const { plan, first } = await found(impatient);
      expect(first.rule).toBe('invariant 10');
      expect(first.what).toContain('was killed for its heartbeat after');

      const short = await shrink(plan, first.rule, impatient);
      expect(short.acts.length).toBeLessThan(8);
      expect(short.acts.length).toBeGreaterThan(0);

      const live = async (): Promise<readonly Violation[]> =>
        (await new Day(short, { ...impatient, shortened: true }).live()).violations;
      const once = await live();
      expect(once[0]?.rule).toBe(first.rule);
      expect(await live()).toEqual(once);

      const file = join(scratchFolder(), 'impatient.trace.jsonl');
      const written = await writeTrace(file, short, { ...impatient, shortened: true });
      expect(written.violations).toEqual(once);
      // Today's machines are patient: replaying names the record at which the defective one went another way.
      const { divergences } = await watchTrace(readTrace(file));
      expect(divergences[0]).toMatchObject({
        ...{ event: 'heartbeat.missed', expected: 'Running', got: 'Killing' },
        guard: { name: 'missedTwiceAtRest' },
      });
    },
  );

  test('of the store is found, and what it takes is told', { timeout: 120_000 }, async () => {
    const { plan, first } = await found(forgetful);
    expect(['promises', 'store', 'start']).toContain(first.rule);
    const short = await shrink(plan, first.rule, forgetful);
    expect(short.acts.length).toBeLessThan(12);
  });
});

test('the trace of a sound day replays to its end, and no invariant is broken in it', async () => {
  const file = join(scratchFolder(), 'sound.trace.jsonl');
  const report = await writeTrace(file, { ...planOf(5), endMs: 3 * 60_000 }, { shortened: true });
  expect(report.violations).toEqual([]);
  const { divergences, violations, records } = await watchTrace(readTrace(file));
  expect(divergences).toEqual([]);
  expect(violations).toEqual([]);
  expect(records).toBeGreaterThan(100);
});
