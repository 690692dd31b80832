import { describe, test } from 'vitest';
import { ROWS } from '../support/machines/lifecycle.js';
import type { Cases, Row } from '../support/machines/lifecycle.js';
import { arrivalCases } from './lifecycle/arrival.js';
import { callingCases } from './lifecycle/calling.js';
import { deployingCases } from './lifecycle/deploying.js';
import { leavingCases } from './lifecycle/leaving.js';
import { losingCases } from './lifecycle/losing.js';
import { startingCases } from './lifecycle/starting.js';
import { stoppingCases } from './lifecycle/stopping.js';

/** Every row of contract §2, and every transition of it: the compiler misses a row that has no cases. */
const CASES: Required<Cases> & Record<Row, unknown> = {
  ...arrivalCases,
  ...deployingCases,
  ...startingCases,
  ...callingCases,
  ...stoppingCases,
  ...losingCases,
  ...leavingCases,
};

for (const row of ROWS)
  describe(row, () => {
    for (const [title, check] of Object.entries(CASES[row])) test(title, check);
  });
