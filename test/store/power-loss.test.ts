import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATE, NEVER, SOON, callsOf, liveThrough, sagas } from './support/lives.js';
import type { End, Saga } from './support/lives.js';
import { mulberry } from './support/random.js';
import type { Request } from './support/requests.js';

/** Longer and elsewhere: PROCVISION_SEED=<number> RUNS=6000 ROUNDS=8 npx vitest run test/store/power-loss.test.ts --testTimeout=0 */
const SEED = Number(process.env['PROCVISION_SEED'] ?? 20_261_120);
const RUNS = Number(process.env['RUNS'] ?? 150);
const ROUNDS = Number(process.env['ROUNDS'] ?? 1);

/** A Runner's work on a store where `before` was done in an earlier life. */
interface Script {
  readonly before: readonly Request[];
  readonly work: readonly Request[];
}

const routes = (bind: string[], unbind: string[] = []): Request => ({ ask: 'routes', bind, unbind });
const on = (ask: 'install' | 'uninstall' | 'discard'): Request => ({ ask, name: 'screw' });

const SCRIPTS: Readonly<Record<string, Script>> = {
  'two changes of the same routes': {
    before: [routes(['A01'])],
    work: [routes(['A01', 'A02']), routes(['A02', 'A03'], ['A01'])],
  },
  'an installation': { before: [], work: [on('install')] },
  'an uninstallation, and the same release installed again': {
    before: [on('install')],
    work: [on('uninstall'), on('install')],
  },
  'a deployment discarded': { before: [on('install')], work: [on('discard')] },
};

const AMID_RECOVERY = 'killed, and without power amid the recovery';
const ENDINGS = ['killed', 'without power', AMID_RECOVERY] as const;

describe('a Runner that ends at any call, and a power loss after its recovery', () => {
  it.each(Object.entries(SCRIPTS))('%s: every promise is kept, the rest is whole or not there', async (_, script) => {
    const calls = await callsOf(sagaOf(script, Infinity, 'killed', 0));
    expect(calls).toBeGreaterThan(10);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let call = 1; call <= calls + 1; call += 1) {
        for (const ending of ENDINGS) {
          // The longest by far: every other call in a round, the others in the next.
          if (ending === AMID_RECOVERY && (call + round) % 2 > 0) continue;
          const seed = SEED + 1000 * round + call;
          await liveThrough(sagaOf(script, call, ending, seed)).catch((cause: unknown) => {
            throw new Error(`${ending} at call ${call} of ${calls}; PROCVISION_SEED=${SEED} round ${round}`, { cause });
          });
        }
      }
    }
  });
});

function sagaOf({ before, work }: Script, call: number, ending: (typeof ENDINGS)[number], seed: number): Saga {
  const again: End = { call: SOON + Math.floor(mulberry(seed)() * (LATE - SOON)), by: 'power loss' };
  return {
    lives: [
      { steps: before.map((request) => [request]), end: NEVER },
      {
        steps: work.map((request) => [request]),
        end: { call, by: ending === 'without power' ? 'power loss' : 'kill' },
      },
    ],
    recoveries: ending === AMID_RECOVERY ? [again] : [],
    seed,
  };
}

describe('after any history of requests, power losses and kills, in recoveries too', () => {
  it('every promise of the store is kept, and what was not promised is whole or not there', async () => {
    await fc.assert(
      fc.asyncProperty(sagas, (saga) => liveThrough(saga)),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
