import { describe, expect, test } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import {
  DEFAULT_PROBATION,
  DEFAULT_RESTART_POLICY,
  DEFAULT_TIMINGS,
  LIFECYCLE_STATES,
  MACHINES,
} from '../../machines/index.js';
import { hueClass } from '../../src/diagrams/colours.js';
import { readChart, sayPreset, WORDS } from '../../src/diagrams/index.js';

const machines = MACHINES.map((machine) => [machine.id, machine] as const);
const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();

/** The defaults, wherever a machine keeps them. */
const CONTEXT = {
  helloAfterMs: 0,
  timings: DEFAULT_TIMINGS,
  policy: {
    timings: DEFAULT_TIMINGS,
    restart: DEFAULT_RESTART_POLICY,
    probation: DEFAULT_PROBATION,
    drainMs: DEFAULT_TIMINGS.drainMs,
    rollbackRetryMs: DEFAULT_TIMINGS.rollbackRetryMs,
  },
};

function presetOf({ implementations }: AnyStateMachine, name: string): unknown {
  const delay = (implementations.delays as Record<string, (args: { context: unknown }) => number>)[name];
  return delay?.({ context: CONTEXT });
}

describe.each(machines)('the words of %s', (id, machine) => {
  const { guards = {}, delays = {}, effects = {}, events = {} } = WORDS[id] ?? {};

  test('say what every guard asks, delay is and effect does, and nothing that is not there', () => {
    const { implementations } = machine;
    expect(sorted(Object.keys(guards))).toEqual(sorted(Object.keys(implementations.guards)));
    expect(sorted(Object.keys(delays))).toEqual(sorted(Object.keys(implementations.delays)));
    expect(sorted(Object.keys(effects))).toEqual(sorted(Object.keys(implementations.actors)));
  });

  test('say of every state what it means, unless the machine itself does', () => {
    const { states = {} } = WORDS[id] ?? {};
    expect(readChart(machine, states).states.filter(({ description }) => description === '')).toEqual([]);
    const silent = readChart(machine).states.filter(({ description }) => description === '');
    expect(sorted(Object.keys(states))).toEqual(sorted(silent.map(({ path }) => path)));
  });

  test('say of every event it takes who sends it', () => {
    const taken = readChart(machine).transitions.flatMap(({ kind, event }) => (kind === 'event' ? [event] : []));
    expect(sorted(taken).filter((event) => events[event] === undefined)).toEqual([]);
  });

  test('give the defaults that the machine itself waits', () => {
    for (const [name, { presetMs }] of Object.entries(delays))
      expect(presetMs ?? 0, name).toBe(presetOf(machine, name));
  });
});

describe('a default', () => {
  test('is said in the unit it is read in', () => {
    expect([90, 1_500, 30_000, 60_000, 0, null].map((presetMs) => sayPreset({ presetMs }))).toEqual([
      '90 ms',
      '1500 ms',
      '30 s',
      '1 min',
      '0 s',
      'off',
    ]);
  });
});

describe('colours', () => {
  test('tell the seven states of the contract apart', () => {
    const hues = LIFECYCLE_STATES.map(hueClass);
    expect(new Set(hues).size).toBe(LIFECYCLE_STATES.length);
    expect(hues).not.toContain(hueClass('anything else'));
  });
});
