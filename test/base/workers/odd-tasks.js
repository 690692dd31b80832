/** Work for threads that goes wrong in every way; loaded by test/base/workers/task-pool.test.ts. */
import { RunnerError } from '../../../dist/src/base/errors/index.js';
import { inWorker } from '../../../dist/src/base/workers/index.js';

export const double = inWorker((text) => ({ twice: text + text }));

export const forever = inWorker(() => {
  for (;;);
});

export const hoard = inWorker(() => {
  const kept = [];
  for (;;) kept.push(new Array(500_000).fill(kept.length + 0.5));
});

export const dig = inWorker(() => {
  const deeper = () => deeper() + 1;
  return deeper();
});

export const shout = inWorker((text) => text.repeat(1000));

export const refuse = inWorker(() => {
  throw new RunnerError('manifest_missing', 'It is not one.', { details: { place: '/name' } });
});

export const nameLikeOthers = inWorker(() => JSON.parse('{"__proto__": 1, "constructor": 2}'));
