import fc from 'fast-check';
import { describe, it } from 'vitest';
import { liveThrough, sagas } from './support/lives.js';

const SEED = Number(process.env['PROCVISION_SEED'] ?? Date.now() % 1_000_000);
const RUNS = Number(process.env['RUNS'] ?? 250);

describe('after power losses and kills', () => {
  it('every promise of the store is kept, and what was not promised is whole or not there', async () => {
    await fc.assert(
      fc.asyncProperty(sagas, (saga) => liveThrough(saga)),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
