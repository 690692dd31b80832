import { describe, expect, test } from 'vitest';
import { changeoverMachine, packageMachine, routeMachine, runnerMachine } from '../../../machines/index.js';
import {
  blundering,
  breaker,
  deploying,
  explore,
  oneProcess,
  proving,
  switches,
} from '../../../src/testing/exploration/index.js';
import type { System } from '../../../src/testing/exploration/index.js';
import { compare } from '../../campaigns/verification/walks.js';

const SMALL = { calls: 1, switches: 1, rollbacks: 1, faults: 1 };

describe('an exploration', () => {
  test.each([deploying(1), breaker(3), switches(0, SMALL), switches(1, SMALL)])(
    'of $name ends: no new state appears, and no invariant is broken',
    (scenario) => {
      const { closed, states, transitions, violations } = explore(scenario);
      expect({ closed, violations }).toEqual({ closed: true, violations: [] });
      expect(transitions).toBeGreaterThan(states);
    },
  );

  test('finds the same every time', () => {
    const [first, second] = [explore(breaker(3)), explore(breaker(3))].map(({ states, transitions, depth }) => {
      return { states, transitions, depth };
    });
    expect(first).toEqual(second);
  });

  test('stops at its limits and says that it is not closed', () => {
    expect(explore(deploying(1), { statesMax: 100 })).toMatchObject({ closed: false });
  });

  test('of one process takes every state a process has', () => {
    const { entered } = explore({ ...oneProcess(1), budget: { calls: 1, stops: 1, faults: 1 } });
    expect(entered.filter((state) => state.startsWith('process '))).toHaveLength(11);
  });
});

describe('an exploration that is told where to begin', () => {
  /** Every story an exploration tells of its first moves. */
  const storiesOf = (statesMax: number): readonly (readonly string[])[] => {
    const stories: (() => readonly string[])[] = [];
    const onMove = (_system: unknown, story: () => readonly string[]) => {
      stories.push(story);
      return [];
    };
    explore(blundering(1), { statesMax, onMove });
    return stories.map((story) => story());
  };

  test('follows the ways that another one tells, also by moves that read the same', () => {
    const stories = storiesOf(60);
    expect(stories.some((story) => story.some((line) => line.endsWith(' (2)')))).toBe(true);
    const followed = stories.map((way) => {
      const told: (() => readonly string[])[] = [];
      const onMove = (_system: unknown, story: () => readonly string[]) => {
        told.push(story);
        return [];
      };
      explore(blundering(1), { statesMax: 0, ways: [way], onMove });
      return told.at(-1)?.();
    });
    expect(followed).toEqual(stories);
  });

  test('finds what is wrong near there, and tells it from the first state on', () => {
    const route = routeMachine.provide({ guards: { strandsFlows: () => false } });
    const scenario = { ...proving(1, false), budget: { calls: 1, changes: 2, faults: 0 } };
    const planted = { machine: runnerMachine.provide({ actors: { route } }), statesMax: 10 };
    const way = explore(scenario, { ...planted, statesMax: Infinity }).violations[0]?.story ?? [];
    expect(explore(scenario, planted).violations).toEqual([]);
    const [found] = explore(scenario, { ...planted, ways: [way.slice(0, -1)] }).violations;
    expect(found).toMatchObject({ by: 'invariant 7', story: way });
  });

  test('goes as far as it can where a way is not possible', () => {
    const { violations, states } = explore(breaker(3), { statesMax: 50, ways: [['nobody: does anything']] });
    expect({ violations, isSome: states > 1 }).toEqual({ violations: [], isSome: true });
  });
});

test('what looks on at every move is believed, with the story that led there', () => {
  const onMove = ({ happened }: System) =>
    happened.some(({ seen }) => seen.what === 'ended') ? [{ by: 'onlooker', what: 'somebody has ended' }] : [];
  const [found] = explore(breaker(3), { onMove }).violations;
  expect(found).toMatchObject({ by: 'onlooker', what: 'somebody has ended' });
  expect(found?.story.at(-1)).toMatch(/os\.exited/);
});

test('an exact exploration tells apart what differs in anything', () => {
  const [exact, usual] = [true, false].map((isExact) => explore(breaker(3), { isExact, statesMax: 20_000 }).states);
  expect(exact).toBeGreaterThan(usual ?? 0);
});

describe('a planted defect is found, with the shortest way to it', () => {
  test('a switch that does not wait for the new release breaks invariant 2', () => {
    const changeover = changeoverMachine.provide({ guards: { needsNoRelease: () => true } });
    const { violations } = explore(switches(1, SMALL), { machine: runnerMachine.provide({ actors: { changeover } }) });
    const found = violations.find(({ by }) => by === 'invariant 2');
    expect(found?.what).toMatch(/commits to screw@2\.0\.0, which has no confirmed process/);
    expect(found?.story).toHaveLength(1);
    expect(found?.diagram).toMatch(/^sequenceDiagram\n[^]*changeover_A01: [^\n]*Committing/);
  });

  test('flows that are stranded break invariant 7', () => {
    const route = routeMachine.provide({ guards: { strandsFlows: () => false } });
    const scenario = { ...proving(1, false), budget: { calls: 1, changes: 2, faults: 0 } };
    const { violations } = explore(scenario, { machine: runnerMachine.provide({ actors: { route } }) });
    expect(violations.map(({ by }) => by)).toContain('invariant 7');
  });

  test('a breaker that never opens breaks invariant 9', () => {
    const pack = packageMachine.provide({ guards: { restartsNow: () => true } });
    const { violations } = explore(breaker(4), { machine: runnerMachine.provide({ actors: { package: pack } }) });
    expect(violations.map(({ by }) => by)).toContain('invariant 9');
  });

  test('a stop that runs code of its own is no plain data: nobody could explore or replay it', () => {
    const pack = packageMachine.provide({ actions: { stopProcesses: () => {} } });
    const { violations } = explore(deploying(1), { machine: runnerMachine.provide({ actors: { package: pack } }) });
    expect(violations.map(({ by }) => by)).toContain('machinery');
  });
});

test('the explored system and the running system do not part on random walks', () => {
  const seed = 4;
  expect(compare([deploying(2), breaker(4), switches(1, SMALL)], 2000, seed)).toMatchObject({ mismatch: null });
});
