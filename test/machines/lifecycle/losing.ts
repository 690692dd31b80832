import { expect } from 'vitest';
import { fault } from '../../../machines/index.js';
import { call, running, start, recorded, lastReport, outcomes } from '../../support/machines/package-rig.js';
import type { Cases } from '../../support/machines/lifecycle.js';

/** Processes lost, replaced, given up. */
export const losingCases = {
  'Running, Executing · last process lost → Running.Restarting; Stopped with the fault once the policy gives up': {
    'lost at rest it is replaced at once, and not ready meanwhile': () => {
      const rig = running().crashes();
      expect(rig.state()).toBe('Running.Restarting');
      expect(lastReport(rig)).toMatchObject({ state: 'Running', ready: false, fault: { name: 'process_lost' } });
      expect(rig.getsReady().state()).toBe('Running');
      expect(lastReport(rig)).toMatchObject({ state: 'Running', ready: true, fault: null });
    },
    'lost in a call, the call is lost too; those that wait are served by the successor': () => {
      const rig = running().send(call(1)).send(call(2)).crashes();
      expect(rig.state()).toBe('Running.Restarting');
      expect(rig.getsReady().state()).toBe('Executing');
      expect(lastReport(rig)).toMatchObject({ state: 'Running', ready: true, fault: null });
      expect(outcomes(rig.answersCall(2))).toEqual([
        ['call.settled', 1, 'lost'],
        ['call.settled', 2, 'result'],
      ]);
    },
    'a process being killed at rest gets no call any more': () => {
      const garbage = { type: 'stream.faulted', fault: fault('protocol_fault', 'Not a frame.') } as const;
      const rig = running().tell(garbage).send(call(1));
      expect(rig.state()).toBe('Running.Restarting');
      expect(rig.crashes().getsReady().answersCall(1).state()).toBe('Running');
      expect(outcomes(rig)).toEqual([['call.settled', 1, 'result']]);
    },
    'a process being killed at rest leaves its calls to the other instance': () => {
      const garbage = { type: 'stream.faulted', fault: fault('protocol_fault', 'Not a frame.') } as const;
      const rig = running({ instances: 2 }).tell(garbage, 1).send(call(1));
      expect(rig.state()).toBe('Executing');
      expect(rig.answersCall(1, 'result', 2).state()).toBe('Running');
    },
    'a successor lost before it was ready is replaced after a pause': () => {
      const rig = running({ restart: { immediateRestarts: 1, breakerLosses: 5, backoffMs: 500 } })
        .crashes()
        .crashes();
      expect(rig.state()).toBe('Running.Restarting');
      expect(rig.composition.processes()).toEqual([]);
      expect(rig.passes(500).composition.processes()).toHaveLength(1);
    },
    'lost at rest once too often, it stops at once': () => {
      expect(
        running({ restart: { breakerLosses: 1 } })
          .crashes()
          .state(),
      ).toBe('Stopped.Recording');
    },
    'with another instance ready it stays Running and replaces the lost one': () => {
      const rig = running({ instances: 2 }).crashes(1);
      expect(rig.state()).toBe('Running');
      expect(rig.composition.processes()).toHaveLength(2);
      expect(rig.getsReady(1).send(call(1)).send(call(2)).state()).toBe('Executing');
    },
    'with another instance ready the pause goes by in Running': () => {
      const restart = { immediateRestarts: 0, breakerLosses: 4, backoffMs: 500 };
      const rig = running({ instances: 2, restart, timings: { pingIntervalMs: 60_000 } }).crashes(1);
      expect(rig.state()).toBe('Running');
      expect(rig.passes(499).composition.processes()).toHaveLength(1);
      expect(rig.passes(1).composition.processes()).toHaveLength(2);
    },
    'after the immediate restarts it pauses': () => {
      const rig = running({ restart: { immediateRestarts: 1, breakerLosses: 4, backoffMs: 500 } })
        .crashes()
        .getsReady()
        .crashes();
      expect(rig.state()).toBe('Running.Restarting');
      expect(rig.composition.processes()).toEqual([]);
      expect(rig.passes(499).composition.processes()).toEqual([]);
      expect(rig.passes(1).composition.processes()).toHaveLength(1);
    },
    "the loss that reaches the breaker's limit stops it, with the fault; waiting calls are lost": () => {
      const rig = running({ restart: { immediateRestarts: 2, breakerLosses: 2 } })
        .crashes()
        .getsReady()
        .send(call(1))
        .send(call(2))
        .crashes();
      expect(rig.state()).toBe('Stopped.Recording');
      expect(recorded(rig)).toMatchObject({
        state: 'Stopped',
        wanted: 'running',
        reason: { name: 'restarts_used_up' },
      });
      expect(outcomes(rig)).toEqual([
        ['call.settled', 1, 'lost'],
        ['call.settled', 2, 'lost'],
      ]);
    },
    'losses older than the window are forgotten': () => {
      const rig = running({ restart: { immediateRestarts: 2, breakerLosses: 2, windowMs: 60_000 } })
        .crashes()
        .getsReady();
      rig.tell({ type: 'pong.received' }).composition.nowMs = 60_000;
      expect(rig.crashes().state()).toBe('Running.Restarting');
    },
    'a successor that keeps failing to start is given up although it fails slowly': () => {
      const rig = running({ restart: { immediateRestarts: 1, breakerLosses: 5 } }).crashes();
      rig.passes(30_000).crashes();
      expect(rig.state()).toBe('Running.Restarting');
      rig.passes(30_000).crashes();
      expect(rig.state()).toBe('Stopped.Recording');
    },
    'losses count while another instance executes, those answered after a pause too': () => {
      const restart = { immediateRestarts: 1, breakerLosses: 3, backoffMs: 500 };
      const rig = running({ instances: 2, restart, timings: { pingIntervalMs: 60_000 } }).send(call(1));
      rig.crashes(2).getsReady(2).crashes(2);
      expect(rig.composition.processes()).toHaveLength(1);
      rig.passes(500).getsReady(2).crashes(2);
      expect(rig.state()).toBe('Executing.Draining');
    },
    'the breaker opened by one instance lets the other finish its call first': () => {
      const rig = running({ instances: 2, restart: { breakerLosses: 1 } })
        .send(call(1))
        .crashes(2);
      expect(rig.state()).toBe('Executing.Draining');
      expect(rig.answersCall(1).leaves(1).state()).toBe('Stopped.Recording');
      expect(recorded(rig)).toMatchObject({ reason: { name: 'restarts_used_up' } });
    },
    'a fatal answer replaces the process': () => {
      const rig = running().send(call(1)).tell({ type: 'call.answered', callId: 1, outcome: 'error', fatal: true });
      expect(rig.state()).toBe('Running.Restarting');
      expect(rig.leaves().getsReady().state()).toBe('Running');
      expect(outcomes(rig)).toEqual([['call.settled', 1, 'error']]);
    },
    'somebody who asks for a start while it is replaced gets his answer when it is ready': () => {
      const rig = running().crashes().send(start);
      expect(rig.emitted).toEqual([]);
      expect(lastReport(rig.getsReady())).toMatchObject({ ready: true });
    },
  },
} satisfies Cases;
