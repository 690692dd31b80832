import { describe, expect, test } from 'vitest';
import {
  aPackage,
  call,
  deploy,
  lastReport,
  probing,
  recheck,
  recorded,
  running,
  start,
  starting,
  stop,
  uninstall,
} from '../support/machines/package-rig.js';
import type { Rig } from '../support/machines/rig.js';
import { BROKEN, storedAs } from '../support/machines/samples.js';

describe('commands that make no sense where a release stands', () => {
  const refused = (rig: Rig) =>
    rig.emitted.filter(({ type }) => type === 'operation.refused').map(({ operationId }) => operationId as number);

  test('are refused by their number, and change nothing', () => {
    const places: readonly (readonly [() => Rig, boolean])[] = [
      [() => aPackage(), true],
      [probing, true],
      [() => probing().send(stop), false],
      [starting, false],
      [running, false],
      [() => running().send(call(1)), false],
      [() => running().send(stop), false],
    ];
    for (const [place, isBeingDeployed] of places)
      for (const command of isBeingDeployed ? [uninstall, recheck] : [deploy, uninstall, recheck]) {
        const rig = place();
        const before = rig.state();
        expect(refused(rig.send(command))).toEqual([7]);
        expect(rig.state()).toBe(before);
      }
  });

  test('asked again to deploy while it is being deployed, a release goes as far as the one who wants it furthest', () => {
    for (const [first, second] of [
      ['Deployed', 'Running'],
      ['Running', 'Deployed'],
    ] as const) {
      const again = { ...deploy, target: second };
      for (const rig of [probing(first).send(again), aPackage({ target: first }).send(again)]) {
        expect(refused(rig)).toEqual([]);
        expect(rig.context<{ target: string }>().target).toBe('Running');
      }
    }
    expect(aPackage({ target: 'Validated' }).send(deploy).context<{ target: string }>().target).toBe('Deployed');
  });

  test('a start while its deployment is being recorded follows at once', () => {
    const rig = probing().getsReady().leaves().done('completeDeployment').send(start);
    expect([rig.state(), refused(rig)]).toEqual(['Deployed.Recording', []]);
    expect(rig.done('recordRest').state()).toBe('Deployed.Requested');
  });

  test('a start where nothing is deployed is refused, and whoever waits for readiness hears where it rests', () => {
    for (const state of ['Validated', 'Invalid'] as const) {
      const rig = aPackage({ stored: storedAs(state) }).send(start);
      expect(refused(rig)).toEqual([7]);
      expect(rig.reports).toHaveLength(2);
      expect(lastReport(rig)).toMatchObject({ state, ready: false, resting: true });
    }
  });

  test('a start where it runs already says that it serves', () => {
    for (const rig of [running(), running().send(call(1))])
      expect(lastReport(rig.send(start))).toMatchObject({ state: 'Running', ready: true });
  });

  test('a stop of a resting release records that it is not wanted, and keeps why it rests', () => {
    for (const state of ['Deployed', 'Stopped'] as const) {
      const rig = aPackage({ stored: storedAs(state, { wanted: 'running', reason: BROKEN }) }).send(stop);
      expect(recorded(rig)).toMatchObject({ state, wanted: 'stopped', reason: BROKEN });
      expect(rig.done('recordRest').state()).toBe(`${state}.Idle`);
    }
  });

  test('a stop that changes no wish writes nothing', () => {
    for (const state of ['Deployed', 'Stopped'] as const)
      for (const wanted of ['stopped', null] as const)
        expect(aPackage({ stored: storedAs(state) }).send({ ...stop, wanted }).underWay).toBe('');
  });
});
