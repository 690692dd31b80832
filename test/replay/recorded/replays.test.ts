import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replay } from '../../../src/api/trace.js';
import { historyFile, historyNames } from './support/histories.js';

const NAMES = historyNames();

describe('a recorded history', () => {
  test.each(NAMES)('%s leads today’s machines through every recorded state, and breaks no invariant', async (name) => {
    const { first, violations, records } = await replay(historyFile(name));
    // Where a machine was changed on purpose: README.md says how to record again.
    expect({ first, violations }).toEqual({ first: null, violations: [] });
    expect(records).toBeGreaterThan(20);
  });
});

describe('the recorded histories together', () => {
  test('are the ones the README tells of, and more than a few', () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(8);
  });

  test('put nearly every invariant to the test', async () => {
    const reports = await Promise.all(NAMES.map((name) => replay(historyFile(name))));
    const met = new Set(reports.flatMap((report) => report.met));
    expect(met.size).toBeGreaterThanOrEqual(10);
  });

  test('are small', () => {
    const bytes = NAMES.reduce((sum, name) => sum + statSync(historyFile(name)).size, 0);
    expect(bytes).toBeLessThan(300_000);
  });
});
