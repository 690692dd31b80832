import { expect, test } from 'vitest';
import { readTrace } from '../src/index.js';
import { watchTrace } from './support/live-trace/watch-trace.js';
test('live', async () => {
  const w = await watchTrace(readTrace(process.env['TRACE']!));
  console.log(JSON.stringify({ ...w, divergences: w.divergences.slice(0, 5), nd: w.divergences.length, violations: w.violations.slice(0, 12), nv: w.violations.length }, null, 1));
  expect(1).toBe(1);
}, 300000);
