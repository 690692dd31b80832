import { expect, test } from 'vitest';
import { Turns } from '../../src/platform/turns.js';

test('turns are taken in the order they were asked for, no faster than their pace', async () => {
  const turns = new Turns(20);
  const taken: string[] = [];
  const sinceMs = performance.now();
  await Promise.all(['a', 'b', 'c'].map((name) => turns.take(() => taken.push(name))));
  expect(taken).toEqual(['a', 'b', 'c']);
  expect(performance.now() - sinceMs).toBeGreaterThanOrEqual(38); // timers may fire a moment early
});

test('a turn gives what its work returns, and one whose work throws costs the next nothing', async () => {
  const turns = new Turns(1);
  const failing = turns.take(() => {
    throw new Error('no process');
  });
  await expect(failing).rejects.toThrow('no process');
  expect(await turns.take(() => 7)).toBe(7);
});
