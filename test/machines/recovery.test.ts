import { describe, expect, test } from 'vitest';
import { fault, placeRelease } from '../../machines/index.js';
import type { ReleaseOnDisk, RestingState } from '../../machines/index.js';
import { BROKEN, FACTS, KEY } from '../support/machines/samples.js';

const place = (registered: RestingState, more: Partial<ReleaseOnDisk> = {}) =>
  placeRelease({ key: KEY, registered, wanted: 'running', reason: BROKEN, facts: null, damage: null, ...more });

describe('where a release rests after a restart (contract §9)', () => {
  test('deployed and registered so: as the registry says, with its reason and wish', () => {
    for (const state of ['Deployed', 'Stopped'] as const)
      expect(place(state, { facts: FACTS })).toEqual({
        key: KEY,
        state,
        wanted: 'running',
        reason: BROKEN,
        facts: FACTS,
      });
  });

  test('deployed, but the registry was not told yet: Deployed, without the old reason', () => {
    for (const state of ['Discovered', 'Validated'] as const)
      expect(place(state, { facts: FACTS })).toMatchObject({ state: 'Deployed', reason: null, facts: FACTS });
  });

  test('registered as deployed, but the deployment is gone: Invalid, saying so', () => {
    for (const state of ['Deployed', 'Stopped'] as const)
      expect(place(state)).toMatchObject({ state: 'Invalid', reason: { name: 'store_corrupt' } });
  });

  test('registered as deployed, but the deployment is damaged: Invalid, with the damage', () => {
    const damage = fault('store_corrupt', 'manifest.json is not valid.');
    expect(place('Stopped', { damage })).toMatchObject({ state: 'Invalid', reason: damage });
  });

  test('registered as Invalid, but deployed and sound again: Stopped, and wanted as before', () => {
    expect(place('Invalid', { facts: FACTS })).toMatchObject({ state: 'Stopped', wanted: 'running', reason: null });
  });

  test('registered as Invalid, and its deployment is still damaged: Invalid, with what is wrong now', () => {
    const damage = fault('store_corrupt', 'manifest.json is not valid.');
    expect(place('Invalid', { damage })).toMatchObject({ state: 'Invalid', reason: damage });
  });

  test('anything else as the registry says', () => {
    for (const state of ['Discovered', 'Validated', 'Invalid'] as const)
      expect(place(state)).toMatchObject({ state, reason: BROKEN, facts: null });
  });

  test('what is placed as deployed always has its facts', () => {
    for (const state of ['Discovered', 'Validated', 'Deployed', 'Stopped', 'Invalid'] as const)
      for (const facts of [null, FACTS]) {
        const placed = place(state, { facts });
        if (placed.state === 'Deployed' || placed.state === 'Stopped') expect(placed.facts).toEqual(FACTS);
      }
  });
});
