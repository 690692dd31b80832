import { describe, expect, test } from 'vitest';
import { SimulatedDisk, withMember } from './disk.js';
import type { Change } from './disk.js';
import { Draws } from './draws.js';

const zip =
  (name: string): Change =>
  (facts) => ({ ...facts, zips: withMember(facts.zips, name, true) });

const written = (disk: SimulatedDisk, name: string, lost = false): void => disk.finish(disk.begin(zip(name)), lost);

describe('the simulated disk', () => {
  test('keeps what was synced, whatever happens to the power', () => {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimulatedDisk();
      written(disk, 'a');
      disk.begin(zip('b'));
      disk.losePower(new Draws(seed));
      expect(disk.facts.zips.has('a')).toBe(true);
    }
  });

  test('may or may not hold what was being written', () => {
    const outcomes = new Set<boolean>();
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimulatedDisk();
      disk.begin(zip('b'));
      expect(disk.facts.zips.has('b')).toBe(false);
      disk.losePower(new Draws(seed));
      outcomes.add(disk.facts.zips.has('b'));
    }
    expect(outcomes).toEqual(new Set([true, false]));
  });

  test('can lose what a lying fsync promised, and says so', () => {
    const broken = Array.from({ length: 20 }, (_, seed) => {
      const disk = new SimulatedDisk();
      written(disk, 'a', true);
      expect(disk.facts.zips.has('a')).toBe(true);
      disk.losePower(new Draws(seed));
      expect(disk.facts.zips.has('a')).toBe(!disk.broken);
      return disk.broken;
    });
    expect(new Set(broken)).toEqual(new Set([true, false]));
  });

  test('never puts an older change on top of a newer one', () => {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimulatedDisk();
      written(disk, 'a', true);
      disk.finish(
        disk.begin((facts) => ({ ...facts, zips: withMember(facts.zips, 'a', false) })),
        false,
      );
      disk.losePower(new Draws(seed));
      expect(disk.facts.zips.has('a')).toBe(false);
    }
  });

  test('a Runner that is killed leaves everything it had written', () => {
    const disk = new SimulatedDisk();
    written(disk, 'a', true);
    disk.settle(new Draws(1));
    expect(disk.facts.zips.has('a')).toBe(true);
  });
});
