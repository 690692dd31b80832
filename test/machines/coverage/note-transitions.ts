/** Notes every transition the machines take in a test file: for `npm run coverage:transitions`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { MACHINES } from '../../../machines/index.js';
import { Stepper } from '../../../src/stepping/index.js';
import { Coverage } from '../../../src/testing/model/index.js';
import type { Step } from '../../../src/stepping/index.js';

const coverage = new Coverage(MACHINES);
const { initial, step } = Stepper.prototype as unknown as Record<'initial' | 'step', (...args: never[]) => Step>;

const noted = (original: (...args: never[]) => Step) =>
  function (this: Stepper, ...args: never[]): Step {
    const taken = original.apply(this, args);
    coverage.add(taken);
    return taken;
  };
Object.assign(Stepper.prototype, { initial: noted(initial), step: noted(step) });

afterAll(() => {
  const folder = process.env['PROCVISION_COVERAGE'] ?? '';
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(Object.fromEntries(coverage.counts)));
});
