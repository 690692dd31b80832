import { expect } from 'vitest';
import {
  aPackage,
  call,
  cancel,
  lastReport,
  outcomes,
  running,
  start,
  stop,
} from '../../support/machines/package-rig.js';
import type { Cases } from '../../support/machines/lifecycle.js';
import { BROKEN, storedAs } from '../../support/machines/samples.js';

/** Calls in, outcomes out. */
export const callingCases = {
  'Running · call dispatched → Executing': {
    'the call goes to an idle process': () => {
      const rig = running().send(call(1));
      expect(rig.state()).toBe('Executing');
      expect(rig.commands.at(-1)).toEqual({ type: 'call.send', callId: 1 });
    },
    'beyond the idle processes calls wait, beyond the limit they are refused': () => {
      const rig = running({ instances: 2, queueLimit: 1 });
      for (const id of [1, 2, 3, 4]) rig.send(call(id));
      expect(rig.commands.filter(({ type }) => type === 'call.send')).toHaveLength(2);
      expect(rig.emitted).toMatchObject([{ type: 'call.refused', callId: 4, fault: { name: 'queue_full' } }]);
    },
    'a release that does not run refuses calls, with its fault if it has one': () => {
      const refused = (reason: typeof BROKEN | null) =>
        aPackage({ stored: storedAs('Stopped', { reason }) }).send(call(1)).emitted;
      expect(refused(null)).toMatchObject([{ type: 'call.refused', fault: { name: 'release_not_ready' } }]);
      expect(refused(BROKEN)).toMatchObject([{ type: 'call.refused', fault: BROKEN }]);
    },
    'calls that come while it starts wait for it, up to the limit': () => {
      for (const state of ['Deployed', 'Stopped'] as const) {
        const rig = aPackage({ stored: storedAs(state) })
          .send(start)
          .send(call(1))
          .done('recordRest')
          .send(call(2));
        expect(outcomes(rig.send(call(3)))).toEqual([['call.refused', 3, undefined]]);
        rig.getsReady();
        expect(rig.state()).toBe('Executing');
        expect(lastReport(rig)).toMatchObject({ state: 'Running', ready: true });
        rig.answersCall(1).answersCall(2);
        expect(outcomes(rig).slice(1)).toEqual([
          ['call.settled', 1, 'result'],
          ['call.settled', 2, 'result'],
        ]);
      }
    },
    'a start that fails loses the calls that wait for it, one called off cancels them': () => {
      const restart = { immediateRestarts: 0 };
      for (const state of ['Deployed', 'Stopped'] as const) {
        const asked = () =>
          aPackage({ stored: storedAs(state), policy: { restart } })
            .send(start)
            .send(call(1));
        const settled = (outcome: string) => [['call.settled', 1, outcome]];
        expect(outcomes(asked().fails('recordRest'))).toEqual(settled('lost'));
        expect(outcomes(asked().done('recordRest').crashes())).toEqual(settled('lost'));
        expect(outcomes(asked().send(stop))).toEqual(settled('cancelled'));
        expect(outcomes(asked().done('recordRest').send(stop))).toEqual(settled('cancelled'));
        expect(outcomes(asked().send(cancel(1)))).toEqual(settled('cancelled'));
      }
    },
    'while the last process is being replaced calls wait up to the limit, and can be cancelled': () => {
      const rig = running({ queueLimit: 1 }).crashes().send(call(1)).send(call(2)).send(cancel(1)).send(call(3));
      expect(outcomes(rig)).toEqual([
        ['call.refused', 2, undefined],
        ['call.settled', 1, 'cancelled'],
      ]);
      expect(rig.getsReady().state()).toBe('Executing');
      expect(rig.commands.at(-1)).toEqual({ type: 'call.send', callId: 3 });
    },
  },

  'Executing · result, error or timeout settled → Running': {
    'a result and an error each settle their call': () => {
      for (const outcome of ['result', 'error'] as const) {
        const rig = running().send(call(1)).answersCall(1, outcome);
        expect(rig.state()).toBe('Running');
        expect(outcomes(rig)).toEqual([['call.settled', 1, outcome]]);
      }
    },
    'a timeout settles its call and replaces the process; the other instance serves on': () => {
      const rig = running({ instances: 2, timings: { pingIntervalMs: 60_000 } })
        .send(call(1))
        .passes(30_000);
      expect(outcomes(rig)).toEqual([['call.settled', 1, 'timed_out']]);
      expect(rig.state()).toBe('Running');
      expect(rig.crashes(1).state()).toBe('Running');
      expect(rig.composition.processes()).toHaveLength(2);
    },
    'a waiting call keeps it Executing': () => {
      const rig = running().send(call(1)).send(call(2)).answersCall(1);
      expect(rig.state()).toBe('Executing');
      expect(rig.answersCall(2).state()).toBe('Running');
    },
    'another process still executing keeps it Executing': () => {
      const rig = running({ instances: 2 }).send(call(1)).send(call(2)).answersCall(2, 'result', 2);
      expect(rig.state()).toBe('Executing');
      expect(rig.send(call(3)).commands.at(-1)).toEqual({ type: 'call.send', callId: 3 });
    },
    'a call given up by its caller settles at once; its process is freed by the answer': () => {
      const rig = running().send(call(1)).send(cancel(1)).send(cancel(1));
      expect(outcomes(rig)).toEqual([['call.settled', 1, 'cancelled']]);
      expect(rig.state()).toBe('Executing');
      expect(outcomes(rig.answersCall(1)).at(-1)).toEqual(['call.freed', 1, undefined]);
      expect(rig.state()).toBe('Running');
    },
    'a late answer changes nothing': () => {
      const rig = running().send(call(1)).answersCall(1).answersCall(1);
      expect(outcomes(rig)).toEqual([['call.settled', 1, 'result']]);
    },
  },
} satisfies Cases;
