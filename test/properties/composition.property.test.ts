import { describe, expect, test } from 'vitest';
import { restless, settle } from '../support/machines/settle.js';
import type { Manner } from '../support/machines/settle.js';
import { stateOf } from '../support/machines/stepper.js';
import { together, verify } from '../support/machines/verify.js';
import {
  closedMeansNothingIsLeft,
  oneOutcomePerCall,
  onlyTheDeafAreKilled,
  theBreakerHolds,
  onlyBreaches,
  operationsAreAnswered,
  routedReleasesAreLeftAlone,
  routesFollowTheirFile,
  routesPointAtSomething,
} from '../support/machines/watches.js';
import type { World } from '../support/machines/world.js';
import { NEVER_TAKEN } from './never-taken.js';

const comesToRest =
  (manner: Manner) =>
  (world: World, after: (world: World) => void): void => {
    settle(world, manner, after);
    expect(restless(world)).toEqual([]);
  };

function closes(world: World, after: (world: World) => void): void {
  const close = world.possible().find(({ kind }) => kind === 'closes');
  if (close !== undefined) world.apply(close);
  after(world);
  settle(world, 'well', after);
  expect(stateOf(world.composition.root.snapshot)).toMatch(/^(Closed|Failed)$/);
}

describe('calls, in any history', () => {
  test('a process has at most one call in flight', () => {
    verify({ name: 'one call in flight', watch: () => onlyBreaches('two calls in flight') });
  });

  test('no call goes out before the handshake is confirmed, none after shutdown was asked', () => {
    const watch = () => onlyBreaches('a call before the handshake', 'a call after shutdown was asked');
    verify({ name: 'calls only while ready', watch });
  });

  test('an accepted call has exactly one outcome, a refused one none', () => {
    verify({ name: 'one outcome', watch: oneOutcomePerCall, end: comesToRest('well') });
  });
});

describe('processes, in any history', () => {
  test('none is ended for its heartbeat while it answers or while a call runs', () => {
    verify({ name: 'only the deaf are killed', watch: onlyTheDeafAreKilled });
  });

  test('none is restarted once the losses within the window reach the limit', () => {
    verify({ name: 'the breaker holds', watch: theBreakerHolds });
  });
});

describe('rest, from the end of any history', () => {
  test('every release rests or serves once effects answer and nobody interferes', () => {
    verify({ name: 'no dead ends', watch: operationsAreAnswered, end: comesToRest('well') });
  });

  test('every release rests even if no process ever says another word', () => {
    verify({ name: 'no dead ends in silence', watch: oneOutcomePerCall, end: comesToRest('silent') });
  });

  test('the Runner closes when asked, and nothing of it is left then', () => {
    verify({ name: 'closing', watch: closedMeansNothingIsLeft, end: closes });
  });
});

describe('routes, in any history', () => {
  test('a route changes only after its release was ready and its file was written', () => {
    verify({ name: 'routes follow their file', watch: routesFollowTheirFile });
  });

  test('a routed release is never stopped unforced, nor uninstalled', () => {
    verify({ name: 'routed releases', watch: routedReleasesAreLeftAlone });
  });

  test('a routed PID points at a release that serves, is brought to serve, or is faulted by name', () => {
    verify({ name: 'routes point at something', watch: routesPointAtSomething });
  });
});

test('transitions that no history takes are known, each with its reason', () => {
  process.stdout.write(`together: ${together.summary}\n`);
  expect(together.neverTaken).toEqual(Object.keys(NEVER_TAKEN));
});
