import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER, callsOf, liveThrough, sagas } from './support/lives.js';
import type { Saga } from './support/lives.js';
import type { Request } from './support/store-history.js';

const SEED = Number(process.env['PROCVISION_SEED'] ?? Date.now() % 1_000_000);
const RUNS = Number(process.env['RUNS'] ?? 250);
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

describe('power lost at every call, or the Runner killed there and power lost later', () => {
  it.each(Object.entries(SCRIPTS))('%s: every promise is kept, the rest is whole or not there', async (_, script) => {
    const { before, work } = script;
    const saga = (call: number, by: 'kill' | 'power loss', seed: number): Saga => ({
      lives: [
        { steps: before.map((request) => [request]), end: NEVER },
        { steps: work.map((request) => [request]), end: { call, by } },
      ],
      recoveries: [],
      seed,
    });
    const calls = await callsOf(saga(Infinity, 'kill', 0));
    expect(calls).toBeGreaterThan(10);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let call = 1; call <= calls + 1; call += 1) {
        for (const by of ['kill', 'power loss'] as const) {
          const seed = SEED + 1000 * round + call;
          await liveThrough(saga(call, by, seed)).catch((cause: unknown) => {
            throw new Error(`${by} at call ${call} of ${calls}, PROCVISION_SEED=${seed}`, { cause });
          });
        }
      }
    }
  });
});

describe('after any history of requests, power losses and kills, in recoveries too', () => {
  it('every promise of the store is kept, and what was not promised is whole or not there', async () => {
    await fc.assert(
      fc.asyncProperty(sagas, (saga) => liveThrough(saga)),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
