import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budgets, covers } from '../../../src/testing/exploration/scenario.js';
import { deadEnds } from '../../../src/testing/exploration/explore.js';
import { PairTable, Sequences } from '../../../src/testing/exploration/interning.js';
import { IntList, StateTable, VisitedStates } from '../../../src/testing/exploration/visited-states.js';
import { seed } from '../../support/machines/seed.js';

describe('a table of states', () => {
  test('gives equal vectors equal numbers and gives every vector back', () => {
    const vectors = fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 3000 });
    const property = fc.property(vectors, (all) => {
      const table = new StateTable(3);
      const numbers = new Map<string, number>();
      for (const vector of all) {
        const put = table.put(Int32Array.from(vector));
        const known = numbers.get(vector.join());
        expect(put).toBe(known ?? ~numbers.size);
        if (known === undefined) numbers.set(vector.join(), numbers.size);
      }
      const back = new Int32Array(3);
      for (const [vector, number] of numbers) {
        table.get(number, back);
        expect(back.join()).toBe(vector);
      }
    });
    fc.assert(property, { numRuns: 20, seed });
  });
});

test('a table of pairs knows what was set last for each pair, however many there are', () => {
  const pairs = fc.array(fc.tuple(fc.nat(60), fc.nat(60), fc.nat(1000)), { minLength: 1, maxLength: 3000 });
  const property = fc.property(pairs, (all) => {
    const table = new PairTable();
    const known = new Map<string, number>();
    for (const [first, second, value] of all) {
      expect(table.get(first, second)).toBe(known.get(`${first} ${second}`) ?? -1);
      table.set(first, second, value);
      known.set(`${first} ${second}`, value);
    }
    expect(table.size).toBe(known.size);
  });
  fc.assert(property, { numRuns: 20, seed });
});

test('sequences have the same number when they are equal, and only then', () => {
  const sequences = fc.array(fc.array(fc.nat(3), { maxLength: 5 }), { minLength: 1, maxLength: 300 });
  const property = fc.property(sequences, (all) => {
    const numbers = new Sequences();
    const known = new Map(all.map((sequence) => [sequence.join(), numbers.id(sequence)]));
    expect(new Set(known.values()).size).toBe(known.size);
    for (const sequence of all) expect(numbers.id(sequence)).toBe(known.get(sequence.join()));
    expect(numbers.id([])).toBe(0);
  });
  fc.assert(property, { numRuns: 20, seed });
});

describe('states with budgets', () => {
  const budgets = new Budgets({ calls: 3, faults: 1 });

  test('a state is not visited again with less of everything, but is with more of something', () => {
    const visited = new VisitedStates(2);
    const [rich, poor] = [budgets.start, budgets.less(budgets.less(budgets.start, 'calls'), 'faults')];
    const other = budgets.less(budgets.start, 'faults');
    expect(visited.put(Int32Array.of(7, other))).toBe(~0);
    expect(visited.put(Int32Array.of(7, poor))).toBe(0);
    expect(visited.put(Int32Array.of(7, rich))).toBe(~1);
    expect(visited.put(Int32Array.of(8, poor))).toBe(~2);
    expect([visited.size, visited.cores]).toEqual([3, 2]);
  });

  test('are spent one by one, and what is not named was never there', () => {
    const spent = budgets.less(budgets.start, 'faults');
    expect([budgets.has(spent, 'faults'), budgets.has(spent, 'calls'), budgets.has(spent, 'switches')]).toEqual([
      false,
      true,
      false,
    ]);
    expect([covers(budgets.start, spent), covers(spent, budgets.start)]).toEqual([true, false]);
  });
});

test('a dead end is a state from which no way leads to rest', () => {
  const edges = new IntList();
  for (const [from, to] of [
    [0, 1],
    [1, 0],
    [1, 2],
    [0, 3],
    [3, 4],
    [4, 3],
  ] as const) {
    // prettier-ignore
    edges.push(from);
    edges.push(to);
  }
  expect(deadEnds(5, edges, (state) => state === 2)).toEqual([3, 4]);
});
