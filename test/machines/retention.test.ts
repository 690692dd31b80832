import { describe, expect, test } from 'vitest';
import { DEFAULT_KEEP, removableReleases } from '../../machines/index.js';
import type { KeptRelease } from '../../machines/index.js';

const release = (key: string, createdAtMs: number, more: Partial<KeptRelease> = {}): KeptRelease => ({
  ...{ key, createdAtMs, needed: false, resting: true, ...more },
});
const versions = [1, 2, 3, 4, 5].map((n) => release(`screw@${n}.0.0`, n));

describe('which releases may go (contract §3.3)', () => {
  test('all but the newest of an algorithm, the oldest first', () => {
    expect(removableReleases(versions, 3)).toEqual(['screw@1.0.0', 'screw@2.0.0']);
    expect(DEFAULT_KEEP).toBe(3);
  });

  test('never one that a PID needs, nor one that runs; they count among the newest', () => {
    const some = versions.map((one, i) => ({ ...one, needed: i === 0, resting: i !== 1 }));
    expect(removableReleases(some, 2)).toEqual(['screw@3.0.0']);
  });

  test('each algorithm keeps its own newest', () => {
    expect(removableReleases([...versions.slice(0, 2), release('gear@1.0.0', 0)], 1)).toEqual(['screw@1.0.0']);
  });

  test('two of the same moment are told apart by their key, in whatever order they come', () => {
    const twins = [release('screw@1.0.0', 7), release('screw@1.1.0', 7)];
    expect(removableReleases(twins, 1)).toEqual(removableReleases(twins.toReversed(), 1));
  });

  test('none of a few', () => {
    expect(removableReleases(versions.slice(0, 3), 3)).toEqual([]);
  });
});
