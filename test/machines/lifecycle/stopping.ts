import { expect } from 'vitest';
import { call, cancel, running, stop, recorded, faultOf, outcomes } from '../../support/machines/package-rig.js';
import type { Cases } from '../../support/machines/lifecycle.js';
import { BROKEN } from '../../support/machines/samples.js';

/** Asked to stop. */
export const stoppingCases = {
  'Running, Executing · stop (drains first) → Stopped': {
    'at rest the processes are asked to leave; no longer wanted running': () => {
      const rig = running({ instances: 2 }).send(stop);
      expect(rig.state()).toBe('Running.Stopping');
      expect(rig.leaves(1).send(stop).state()).toBe('Running.Stopping');
      rig.leaves(2);
      expect(recorded(rig)).toMatchObject({ state: 'Stopped', wanted: 'stopped', reason: null });
      expect(rig.done('recordRest').state()).toBe('Stopped.Idle');
    },
    'accepted calls are finished first, new ones refused': () => {
      const rig = running().send(call(1)).send(call(2)).send(stop).send(call(3));
      expect(rig.state()).toBe('Executing.Draining');
      rig.answersCall(1).send(stop).answersCall(2);
      expect(rig.state()).toBe('Running.Stopping');
      expect(outcomes(rig)).toEqual([
        ['call.refused', 3, undefined],
        ['call.settled', 1, 'result'],
        ['call.settled', 2, 'result'],
      ]);
    },
    'while it drains calls can be cancelled, waiting or running': () => {
      const rig = running().send(call(1)).send(call(2)).send(stop).send(cancel(2)).send(cancel(1)).answersCall(1);
      expect(rig.state()).toBe('Running.Stopping');
      expect(outcomes(rig)).toEqual([
        ['call.settled', 2, 'cancelled'],
        ['call.settled', 1, 'cancelled'],
        ['call.freed', 1, undefined],
      ]);
    },
    'what is not finished by the drain deadline is cancelled': () => {
      const rig = running({ timings: { executeMs: 90_000, waitMs: 90_000 } })
        .send(call(1))
        .send(call(2))
        .send(stop)
        .passes(30_000);
      expect(rig.state()).toBe('Running.Stopping');
      expect(outcomes(rig).toSorted()).toEqual([
        ['call.settled', 1, 'cancelled'],
        ['call.settled', 2, 'cancelled'],
      ]);
    },
    'two instances drain together; one lost meanwhile is not replaced': () => {
      const rig = running({ instances: 2 }).send(call(1)).send(call(2)).send(stop).crashes(1);
      expect(rig.state()).toBe('Executing.Draining');
      expect(rig.answersCall(2, 'result', 2).state()).toBe('Running.Stopping');
      expect(rig.leaves(2).state()).toBe('Stopped.Recording');
    },
    'a waiting call of a draining release takes the next idle process': () => {
      const rig = running({ instances: 2 })
        .send(call(1))
        .send(call(2))
        .send(call(3))
        .send(stop)
        .answersCall(2, 'result', 2);
      expect(rig.state()).toBe('Executing.Draining');
      expect(rig.answersCall(1).state()).toBe('Executing.Draining');
      expect(rig.answersCall(3, 'result', 2).state()).toBe('Running.Stopping');
    },
    'a process that gets ready while it drains takes a waiting call': () => {
      const rig = running({ instances: 2 }).crashes(2).send(call(1)).send(call(2)).send(stop).getsReady(2);
      expect(rig.commands.at(-1)).toEqual({ type: 'call.send', callId: 2 });
      expect(rig.answersCall(2, 'result', 2).answersCall(1).state()).toBe('Running.Stopping');
    },
    'the last process lost while draining ends the drain; waiting calls are cancelled': () => {
      const rig = running().send(call(1)).send(call(2)).send(stop).crashes();
      expect(rig.state()).toBe('Stopped.Recording');
      expect(outcomes(rig).toSorted()).toEqual([
        ['call.settled', 1, 'lost'],
        ['call.settled', 2, 'cancelled'],
      ]);
    },
    'while it is being replaced it stops at once': () => {
      const rig = running().crashes().send(call(1)).send(stop).leaves();
      expect(rig.state()).toBe('Stopped.Recording');
      expect(recorded(rig)).toMatchObject({ reason: null });
      expect(outcomes(rig)).toEqual([['call.settled', 1, 'cancelled']]);
    },
    'stopped for a closing Runner it is wanted running again next time': () => {
      const rig = running()
        .send({ ...stop, wanted: null })
        .leaves();
      expect(recorded(rig)).toMatchObject({ state: 'Stopped', wanted: 'running' });
    },
    'a record that cannot be written does not keep it from resting': () => {
      const rig = running().send(stop).leaves().fails('recordRest');
      expect(rig.state()).toBe('Stopped.Idle');
      expect(faultOf(rig)).toEqual(BROKEN);
    },
  },
} satisfies Cases;
