import { expect } from 'vitest';
import {
  aPackage,
  probing,
  start,
  starting,
  stop,
  recorded,
  faultOf,
  lastReport,
  CRASHED,
  FAILED_STARTS,
} from '../../support/machines/package-rig.js';
import type { Cases } from '../../support/machines/lifecycle.js';
import { BROKEN, storedAs } from '../../support/machines/samples.js';

/** From rest to Running, or to Stopped with the fault. */
export const startingCases = {
  'Deployed, Stopped · start: process up, handshake done, get_info agrees → Running': {
    'the wish is on disk before the process starts': () => {
      for (const state of ['Deployed', 'Stopped'] as const) {
        const rig = aPackage({ stored: storedAs(state) }).send(start);
        expect(rig.state()).toBe(`${state}.Requested`);
        expect(recorded(rig)).toMatchObject({ state, wanted: 'running' });
        expect(rig.composition.processes()).toEqual([]);
        expect(rig.done('recordRest').state()).toBe(`${state}.Starting`);
        expect(rig.getsReady().state()).toBe('Running');
        expect(lastReport(rig)).toMatchObject({ state: 'Running', ready: true, resting: false, fault: null });
      }
    },
    'a wish that cannot be recorded is no start': () => {
      for (const state of ['Deployed', 'Stopped'] as const) {
        const rig = aPackage({ stored: storedAs(state) })
          .send(start)
          .fails('recordRest');
        expect(rig.state()).toBe(`${state}.Idle`);
        expect(faultOf(rig)).toEqual(BROKEN);
      }
    },
    'it comes up at low priority, and its successor after a loss as usual': () => {
      const rig = starting('Deployed');
      expect(rig.os().input.startPriority).toBe('low');
      expect(rig.getsReady().crashes().os().input.startPriority).toBeUndefined();
    },
    'of two instances the first that is ready makes it Running': () => {
      expect(starting('Deployed', { instances: 2 }).getsReady(2).state()).toBe('Running');
    },
    'asked twice, it starts once': () => {
      const rig = aPackage({ stored: storedAs('Deployed') })
        .send(start)
        .send(start)
        .done('recordRest')
        .send(start);
      expect(rig.composition.processes()).toHaveLength(1);
      expect(rig.emitted).toEqual([]);
    },
    'the reason it stopped for is forgotten': () => {
      const rig = aPackage({ stored: storedAs('Stopped', { reason: BROKEN }) })
        .send(start)
        .done('recordRest')
        .getsReady();
      expect(faultOf(rig)).toBeNull();
    },
    'called off right after its deployment, it is not started by itself': () => {
      const rig = probing('Running').getsReady().leaves().done('completeDeployment', 'recordRest').send(stop);
      expect(rig.done('recordRest').state()).toBe('Deployed.Idle');
    },
    'called off before a process was there, it rests again, no longer wanted running': () => {
      for (const state of ['Deployed', 'Stopped'] as const) {
        const rig = aPackage({ stored: storedAs(state) })
          .send(start)
          .send(stop);
        expect(rig.state()).toBe(`${state}.Recording`);
        expect(recorded(rig)).toMatchObject({ state, wanted: 'stopped' });
        expect(rig.done('recordRest').state()).toBe(`${state}.Idle`);
      }
    },
  },

  'Deployed, Stopped · start failed, restarts used up → Stopped, with the fault': {
    ...Object.fromEntries(
      FAILED_STARTS.map(([what, fails, name]) => [
        `a process that ${what} is tried as often as the policy allows: ${name}`,
        () => {
          const rig = starting('Deployed', { restart: { immediateRestarts: 1 } });
          fails(rig);
          expect(rig.state()).toBe('Deployed.Starting');
          fails(rig);
          expect(rig.state()).toBe('Stopped.Recording');
          expect(recorded(rig)).toMatchObject({ state: 'Stopped', wanted: 'running', reason: { name } });
          expect(rig.done('recordRest').state()).toBe('Stopped.Idle');
        },
      ]),
    ),
    'the same from Stopped': () => {
      const rig = starting('Stopped', { restart: { immediateRestarts: 0 } })
        .tell(CRASHED)
        .done('recordRest');
      expect(rig.state()).toBe('Stopped.Idle');
      expect(faultOf(rig)?.name).toBe('start_failed');
    },
    'what else was spawned leaves first': () => {
      for (const state of ['Deployed', 'Stopped'] as const) {
        const rig = starting(state, { instances: 2, restart: { immediateRestarts: 0 } }).crashes(1);
        expect(rig.state()).toBe(`${state}.Halting`);
        expect(rig.commands.at(-1)).toEqual({ type: 'shutdown.send' });
        expect(rig.leaves(2).state()).toBe('Stopped.Recording');
      }
    },
    'called off, it ends Stopped without a fault, even between two tries': () => {
      for (const state of ['Deployed', 'Stopped'] as const)
        for (const rig of [starting(state), starting(state).crashes()]) {
          rig.send(stop);
          expect(rig.state()).toBe(`${state}.Halting`);
          rig.leaves();
          expect(recorded(rig)).toMatchObject({ state: 'Stopped', wanted: 'stopped', reason: null });
        }
    },
    'a stop while the rest leaves is remembered': () => {
      for (const state of ['Deployed', 'Stopped'] as const) {
        const rig = starting(state, { instances: 2, restart: { immediateRestarts: 0 } })
          .crashes(1)
          .send(stop)
          .leaves(2);
        expect(recorded(rig)).toMatchObject({ wanted: 'stopped', reason: { name: 'start_failed' } });
      }
    },
  },
} satisfies Cases;
