import { beforeAll, describe, expect, test } from 'vitest';
import { INVARIANTS } from '../../../machines/invariants/index.js';
import { ENDING, MACHINERY } from '../../support/machines/lives.js';
import { RULES } from '../../support/machines/rules/index.js';
import { explore, shrink } from '../../support/machines/verify.js';
import type { Findings } from '../../support/machines/verify.js';
import { NEVER_TAKEN, SELDOM_TAKEN } from './never-taken.js';

/** A few seconds, on a machine with nothing else to do. */
const EXPLORING_MS = 240_000;

let found: Findings;

beforeAll(() => {
  found = explore();
  const shares = [...found.met].map(([name, count]) => `${name}: ${Math.round((100 * count) / found.histories)} %`);
  process.stdout.write(`${found.histories} histories; ${found.coverage.summary}\n${shares.join(', ')}\n`);
}, EXPLORING_MS);

/** What is wrong is told with the shortest history that leads there. */
function holds(name: string): void {
  const number = found.wrong.get(name);
  if (number !== undefined) shrink(name, number);
}

describe('in any history', () => {
  test.each(INVARIANTS.map(({ number, sentence }) => [number, sentence] as const))('%i: %s', (number) => {
    holds(`invariant ${number}`);
  });

  test.each(INVARIANTS)('the premise of invariant $number comes true often enough to mean something', ({ number }) => {
    expect((found.met.get(`invariant ${number}`) ?? 0) / found.histories).toBeGreaterThanOrEqual(0.1);
  });

  test.each(Object.keys(RULES))('%s', (name) => {
    holds(name);
  });

  test.each(Object.keys(RULES))('there is something to be judged: %s', (name) => {
    expect((found.met.get(name) ?? 0) / found.histories).toBeGreaterThanOrEqual(0.1);
  });

  test('every change and every confirmation that was asked for is answered exactly once', () => {
    holds('operations are answered');
  });

  test('no machine throws, and none sends anything to nobody', () => {
    holds(MACHINERY);
  });

  test('in the end everything rests once nobody interferes, and a Runner that is told to close closes', () => {
    holds(ENDING);
  });
});

test('every arrow of the lifecycle is taken', () => {
  expect(found.lifecycle.missing).toEqual([]);
});

test('transitions that no history takes are known, each with its reason', () => {
  const others = found.coverage.neverTaken.filter((name) => !SELDOM_TAKEN.has(name));
  expect(others).toEqual(Object.keys(NEVER_TAKEN));
  expect([...SELDOM_TAKEN].filter((name) => !found.coverage.all.includes(name))).toEqual([]);
});
