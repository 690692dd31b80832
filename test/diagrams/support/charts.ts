import { setup } from 'xstate';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { MACHINES } from '../../../machines/index.js';
import { partOf, whole } from '../../../src/diagrams/chart/part.js';
import { readChart } from '../../../src/diagrams/chart/read-chart.js';
import { fold } from '../../../src/diagrams/chart/fold.js';
import { sceneOf } from '../../../src/diagrams/svg/chart-scene.js';
import type { Scene } from '../../../src/diagrams/svg/scene.js';
import { WORDS } from '../../../src/diagrams/words/of-machines.js';

export const machineOf = (id: string): AnyStateMachine => {
  const machine = MACHINES.find((one) => one.id === id);
  if (machine === undefined) throw new Error(`there is no machine "${id}"`);
  return machine;
};

/** Counted without the code under test: by walking the nodes of the machine. */
export function transitionCount({ root }: AnyStateMachine): number {
  const count = (node: AnyStateNode): number =>
    [...node.transitions.values()].flat().length +
    (node.always?.length ?? 0) +
    Object.values(node.states).reduce((sum, child) => sum + count(child), 0);
  return count(root);
}

/** What an SVG marks as a transition, in order. */
export const transitionsIn = (svg: string): readonly number[] =>
  [...svg.matchAll(/data-transitions="([\d ]+)"/g)]
    .flatMap(([, list = '']) => list.split(' ').map(Number))
    .sort((a, b) => a - b);

/** One machine with everything the Runner's do without: parallel regions, history, exits, numbers as delays. */
export const foreignMachine: AnyStateMachine = setup({
  actions: { greet: () => undefined, part: () => undefined },
  guards: { isOpen: () => true },
}).createMachine({
  id: 'foreign',
  description: 'A door & its "lamp".',
  type: 'parallel',
  states: {
    Door: {
      initial: 'Shut',
      exit: 'part',
      on: { 'door.reset': '.Shut' },
      states: {
        Shut: {
          entry: 'greet',
          on: { 'door.pushed': { guard: 'isOpen', target: 'Open', description: 'with <care>' } },
        },
        Open: { after: { 1500: 'Shut' }, on: { 'door.jammed': 'Broken' } },
        Broken: { type: 'final' },
        Back: { type: 'history' },
      },
    },
    Lamp: { initial: 'Dark', states: { Dark: { on: { 'lamp.switched': 'Lit' } }, Lit: { always: 'Dark' } } },
  },
});

/** Every picture of docs/machines: the machines, their overviews and their parts. */
export function scenes(): readonly (readonly [name: string, scene: Scene])[] {
  return [...MACHINES, foreignMachine].flatMap((machine) => {
    const chart = readChart(machine);
    const known = { words: WORDS[machine.id] ?? {}, visits: null };
    const holders = [...new Set(chart.states.flatMap(({ parent }) => (parent === null ? [] : [parent])))];
    return [
      [machine.id, sceneOf(whole(chart), known)] as const,
      [`${machine.id}, folded`, sceneOf(whole(fold(chart, null).chart), known)] as const,
      ...holders.map((state) => [`${machine.id} ${state}`, sceneOf(partOf(chart, state), known)] as const),
    ];
  });
}
