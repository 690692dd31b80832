import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inLoopShare, loopShareOf } from '../../src/platform/index.js';

/** As long as a share and more. */
function workFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

test('a piece without a crowd is done at once', async () => {
  await nextTurn();
  let done = false;
  inLoopShare(() => (done = true));
  expect(done).toBe(true);
});

test('a crowd takes its share of each turn of the event loop, in its order', async () => {
  await nextTurn();
  const seen: string[] = [];
  const others = setImmediate(function look() {
    seen.push('others');
    if (!seen.includes('c')) setImmediate(look);
  });
  await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      loopShareOf(() => {
        seen.push(name);
        workFor(6);
      }),
    ),
  );
  clearImmediate(others);
  expect(seen.join(' ')).toMatch(/^a (others )+b (others )+c/);
});

test('what a piece asks for is part of it', async () => {
  await nextTurn();
  const order: string[] = [];
  inLoopShare(() => {
    workFor(6);
    inLoopShare(() => order.push('inner'));
    order.push('outer');
  });
  expect(order).toEqual(['inner', 'outer']);
});

test('what one piece throws reaches who waits for it, and the others are done', async () => {
  const failing = (): never => {
    workFor(6);
    throw new Error('planted');
  };
  const pieces = [loopShareOf(failing), loopShareOf(failing), loopShareOf(() => 'done')];
  const settled = await Promise.allSettled(pieces);
  expect(settled.map((piece) => (piece.status === 'fulfilled' ? piece.value : String(piece.reason)))).toEqual([
    'Error: planted',
    'Error: planted',
    'done',
  ]);
});
