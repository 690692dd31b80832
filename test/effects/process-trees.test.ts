import { describe, expect, test } from 'vitest';
import type { ProcessRow } from '../../src/platform/index.js';
import { usageByTree } from '../../src/effects/os-process/process-trees.js';

/** One tick and one page each, but for what is given. */
const row = (parent: number, group: number, more: Partial<ProcessRow> = {}): ProcessRow => ({
  parent,
  group,
  cpuTicks: 1,
  residentPages: 1,
  ...more,
});
const usage = (rows: Readonly<Record<number, ProcessRow>>, ...roots: number[]) =>
  Object.fromEntries(
    usageByTree(new Map(Object.entries(rows).map(([pid, one]) => [Number(pid), one])), new Set(roots)),
  );

describe('who belongs to an algorithm process', () => {
  test('itself, and nobody of the host', () => {
    const host = { 1: row(0, 1), 50: row(1, 50) };
    expect(usage({ ...host, 100: row(50, 100, { cpuTicks: 7, residentPages: 9 }) }, 100)).toEqual({
      100: { cpuTicks: 7, residentPages: 9 },
    });
  });

  test('everybody of its group, also orphans that another process adopted', () => {
    expect(usage({ 1: row(0, 1), 100: row(1, 100), 101: row(1, 100) }, 100)[100]?.residentPages).toBe(2);
  });

  test('everybody who descends from it, also in a session of his own', () => {
    const rows = { 100: row(1, 100), 101: row(100, 100), 102: row(101, 102), 103: row(102, 102) };
    expect(usage(rows, 100)[100]?.residentPages).toBe(4);
  });

  test('each process counts for one tree only', () => {
    const rows = { 100: row(50, 100), 101: row(100, 100), 200: row(50, 200), 201: row(200, 201) };
    expect(usage(rows, 100, 200)).toEqual({
      100: { cpuTicks: 2, residentPages: 2 },
      200: { cpuTicks: 2, residentPages: 2 },
    });
  });

  test('of one that is gone nothing is said', () => {
    expect(usage({ 101: row(1, 100) }, 100)).toEqual({});
  });

  test('a circle, which rows read one after the other may show, ends the search', () => {
    expect(usage({ 100: row(50, 100), 7: row(8, 7), 8: row(7, 8) }, 100)[100]?.residentPages).toBe(1);
  });
});
