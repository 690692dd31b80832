import fc from 'fast-check';
import { test } from 'vitest';
import { anyHistory, live } from '../support/machines/history.js';

test('smoke', { timeout: 600000 }, () => {
  for (let i = 0; i < 6; i++) {
  let deliveries = 0, steps = 0;
  const c0 = process.cpuUsage().user;
  fc.assert(fc.property(anyHistory({ minLength: 60, maxLength: 160 }), (history) => {
    live(history, () => { deliveries++; }, () => { steps++; });
  }), { numRuns: 200, seed: i });
  console.log(deliveries, steps, (process.cpuUsage().user - c0) / 1000, process.memoryUsage().heapUsed / 1e6);
  }
});
