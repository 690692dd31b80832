import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sendersOf } from '../../machines/index.js';
import { anyHistory, choose } from '../support/machines/history.js';
import { RealSystem } from '../support/machines/real-system.js';
import { runnerInput } from '../support/machines/samples.js';
import { seed } from '../support/machines/seed.js';
import type { Stimulus } from '../support/machines/stimuli.js';
import { stateOf } from '../../src/stepping/index.js';
import { SimulatedSystem } from '../support/machines/simulated-system.js';

/** Does to the real system what a stimulus does to the composition. */
function applyTo(real: RealSystem, stimulus: Stimulus): void {
  switch (stimulus.by) {
    case 'answer':
      return real.send(stimulus.effect.path, { type: 'answer.done', output: stimulus.output });
    case 'refusal':
      return real.send(stimulus.effect.path, { type: 'answer.failed', error: stimulus.error });
    case 'os':
      return real.send(stimulus.os.parent.path, stimulus.event, 'os');
    case 'timer':
      if (stimulus.timer.owner.kind === 'machine') return real.fireFirst();
      real.nowMs = Math.max(real.nowMs, stimulus.timer.dueMs);
      return real.send(stimulus.timer.to.path, stimulus.timer.event, 'os');
    case 'user':
      return real.send(stimulus.to.path, stimulus.event);
  }
}

/** The machines' own timers; a call's deadline belongs to the effect that keeps it. */
const timersOf = ({ composition }: SimulatedSystem) =>
  composition.timers.filter(({ owner }) => owner.kind === 'machine');

/** Of timers due together only the one armed first: the real clock knows no other order. */
function comparable(stimulus: Stimulus, system: SimulatedSystem): boolean {
  if (stimulus.by !== 'timer' || stimulus.timer.owner.kind !== 'machine') return true;
  return timersOf(system).find(({ dueMs }) => dueMs === stimulus.timer.dueMs) === stimulus.timer;
}

const statesOf = ({ composition }: SimulatedSystem) =>
  Object.fromEntries(
    [composition.root, ...composition.machines()].map((node) => [
      node.path,
      { state: stateOf(node.snapshot), context: node.snapshot.context as unknown },
    ]),
  );

function isNamed(sent: string): boolean {
  const [machine = '', type = '', from = ''] = sent.split(' ');
  return sendersOf(machine, type).some((sender) => sender === from);
}

describe('the pure composition', () => {
  test('reaches the states, sends the commands and emits the events of the real system, from whom SENDERS says', () => {
    const sent = new Set<string>();
    const walk = fc.property(anyHistory({ minLength: 30, maxLength: 120 }), (history) => {
      const system = new SimulatedSystem(history);
      const real = new RealSystem(runnerInput(history.policy));
      for (const choice of history.choices) {
        const possible = system.possible().filter((stimulus) => comparable(stimulus, system));
        const stimulus = choose(possible, history.temper, choice);
        if (stimulus === undefined) continue;
        const before = { emitted: real.emitted.length, commands: real.commands.length };
        system.apply(stimulus);
        applyTo(real, stimulus);
        expect(real.states).toEqual(statesOf(system));
        expect(real.emitted.slice(before.emitted)).toEqual(system.emitted);
        expect(real.commands.slice(before.commands)).toEqual(system.commands);
        expect(real.timersDueMs).toEqual(
          timersOf(system)
            .map(({ dueMs }) => dueMs)
            .toSorted((a, b) => a - b),
        );
      }
      for (const { machine, type, from } of real.sent) sent.add(`${machine} ${type} ${from}`);
    });
    fc.assert(walk, { numRuns: 60, seed });
    expect([...sent].filter((one) => !isNamed(one))).toEqual([]);
  });
});
