import { describe, expect, test } from 'vitest';
import { fault } from '../../machines/index.js';
import {
  NEXT,
  STRANGER,
  aRoute,
  abort,
  answer,
  changed,
  closed,
  commit,
  context,
  opened,
  prepare,
  told,
} from '../support/machines/route-rig.js';
import { BROKEN, KEY, PID } from '../support/machines/samples.js';

describe('a PID that is asked whether it takes part (contract §8)', () => {
  test('says yes and holds still', () => {
    for (const [rig, event, state] of [
      [aRoute(), prepare('activate', KEY), 'Switching'],
      [aRoute(KEY), prepare('switch', NEXT), 'Switching'],
      [aRoute(KEY), prepare('rollback', NEXT), 'RollingBack'],
      [aRoute(KEY), prepare('deactivate', null), 'Unbinding'],
    ] as const) {
      const { release } = context(rig);
      expect(rig.send(event).state()).toBe(state);
      expect(answer(rig)).toMatchObject({ pid: PID, operationId: 7, refusal: null, unchanged: false, from: release });
      expect(told(rig)).toMatchObject({ key: release, candidate: event.key, settled: false });
      expect(context(rig).release).toBe(release);
    }
  });

  test('meanwhile says what is under way to whoever asks for something else', () => {
    const rig = aRoute(KEY).send(prepare('switch', NEXT)).send(prepare('deactivate', null));
    expect(answer(rig)).toMatchObject({
      refusal: { name: 'operation_conflict', details: { under_way: 'Switching' } },
    });
    expect(rig.state()).toBe('Switching');
  });

  test('that is bound like this already has nothing to change', () => {
    const rig = aRoute(KEY).send(prepare('activate', KEY));
    expect([rig.state(), answer(rig)]).toMatchObject(['Serving', { unchanged: true, refusal: null }]);
  });

  test.each([
    ['a release that does not support it: 2006', aRoute(), prepare('activate', KEY, { supported: false }), '2006'],
    ['missing assets: 1003', aRoute(), prepare('activate', KEY, { missingAssets: ['model.bin'] }), '1003'],
    ['an activation while it is bound to another version: 2006', aRoute(NEXT), prepare('activate', KEY), '2006'],
    ['another algorithm: 2006', aRoute(STRANGER), prepare('activate', KEY), '2006'],
    ['a switch to another algorithm: 2006', aRoute(KEY), prepare('switch', STRANGER), '2006'],
    ['a switch of a PID that is not bound: 1001', aRoute(), prepare('switch', KEY), '1001'],
    ['a deactivation of one: 1001', aRoute(), prepare('deactivate', null), '1001'],
    ['a rollback to nothing known', aRoute(KEY), prepare('rollback', null), '3022'],
  ] as const)('refuses %s', (_what, rig, event, code) => {
    const before = rig.state();
    rig.send(event);
    expect([rig.state(), answer(rig)]).toMatchObject([before, { refusal: { code } }]);
  });

  test('refuses an Invalid release with the reason it is, whatever its manifest says', () => {
    const why = fault('wheels_missing', 'There is no wheel of numpy.', { hint: 'Put it there.' });
    const rig = aRoute().send(prepare('activate', KEY, { supported: false, invalid: why }));
    expect(answer(rig)).toMatchObject({
      refusal: {
        code: '2006',
        message: `${KEY} is Invalid: 2004 There is no wheel of numpy.`,
        hint: 'Put it there. Then install the corrected zip, and activate again.',
        details: { reason: { code: '2004' } },
      },
    });
  });

  test('whose file nobody understands is deactivated all the same, to be rid of it', () => {
    const corrupt = fault('store_corrupt', 'active/A01.json is no JSON.');
    const rig = aRoute(null, { fault: corrupt }).send(prepare('deactivate', null));
    expect(rig.state()).toBe('Unbinding');
    expect(rig.send(abort).state()).toBe('Unbound');
    expect(context(rig.send(prepare('deactivate', null)).send(commit))).toMatchObject({ release: null, fault: null });
    expect(rig.state()).toBe('Unbound');
  });
});

describe('a change that is made, or called off', () => {
  test('the release changes with the commit, not before', () => {
    const rig = aRoute().send(prepare('activate', KEY));
    expect(context(rig).release).toBeNull();
    expect(rig.send(commit).state()).toBe('Serving');
    expect(context(rig)).toMatchObject({ release: KEY, previous: null, onProbation: false, candidate: null });
    expect(told(rig)).toMatchObject({ key: KEY, candidate: null, kept: null, settled: true });
  });

  test('called off, everything is as it was (invariant 3)', () => {
    for (const [rig, event] of [
      [aRoute(), prepare('activate', KEY)],
      [aRoute(KEY), prepare('switch', NEXT)],
      [aRoute(KEY), prepare('rollback', NEXT)],
      [aRoute(KEY), prepare('deactivate', null)],
    ] as const) {
      const [before, { release }] = [rig.state(), context(rig)];
      expect(rig.send(event).send(abort).state()).toBe(before);
      expect(context(rig)).toMatchObject({ release, previous: null, candidate: null, onProbation: false });
      expect(told(rig)).toMatchObject({ key: release, candidate: null, settled: true });
    }
  });

  test('a switch without probation lets the old release go once its flows have finished', () => {
    const rig = aRoute(KEY)
      .send(opened(KEY))
      .send(prepare('switch', NEXT, { probation: { durationMs: 0 } }))
      .send(commit);
    expect([rig.state(), told(rig)]).toMatchObject(['Draining', { key: NEXT, kept: KEY, retired: null }]);
    expect(rig.send(closed(KEY)).state()).toBe('Serving');
    expect(told(rig)).toMatchObject({ key: NEXT, kept: null, retired: KEY });
  });

  test('or once their time is over', () => {
    const rig = aRoute(KEY)
      .send(opened(KEY))
      .send(prepare('switch', NEXT, { probation: { durationMs: 0 } }))
      .send(commit);
    expect(rig.passes(29_999).state()).toBe('Draining');
    expect(rig.passes(1).state()).toBe('Serving');
    expect(told(rig)).toMatchObject({ retired: KEY });
  });

  test('a PID that is unbound keeps no release', () => {
    const rig = aRoute(KEY).send(opened(KEY)).send(prepare('deactivate', null)).send(commit);
    expect([rig.state(), context(rig).release]).toEqual(['Draining', null]);
    expect(rig.send(closed(KEY)).state()).toBe('Unbound');
    expect(told(rig)).toMatchObject({ key: null, kept: null, retired: null, settled: true });
  });

  test('a release lost while an activation is written is bound with its fault by name', () => {
    const rig = aRoute()
      .send(prepare('activate', KEY))
      .send(changed(KEY, false, true, BROKEN))
      .send(commit);
    expect([rig.state(), context(rig)]).toMatchObject(['Serving', { release: KEY, fault: BROKEN }]);
  });

  test('what another release suffers meanwhile is not its fault, nor that it is being restarted', () => {
    const rig = aRoute()
      .send(prepare('activate', KEY))
      .send(changed(STRANGER, false, true, BROKEN));
    rig.send(changed(KEY, false, false, BROKEN)).send(commit);
    expect(context(rig)).toMatchObject({ release: KEY, fault: null });
  });
});

describe('flows still to be finished', () => {
  test('on the release before allow the way back to it, and nothing else (invariant 7)', () => {
    const draining = () => aRoute(KEY).send(opened(KEY)).send(prepare('switch', NEXT)).send(commit);
    for (const event of [prepare('deactivate', null), prepare('rollback', 'screw@0.9.0'), prepare('switch', KEY)]) {
      const rig = draining().send(event);
      expect(rig.state()).toBe('Draining');
      expect(answer(rig)).toMatchObject({
        refusal: { name: 'operation_conflict', details: { under_way: 'Draining' } },
      });
    }
    expect(draining().send(prepare('rollback', KEY)).state()).toBe('RollingBack');
  });

  test('are waited for again after a rollback that was called off (invariant 7)', () => {
    const rig = aRoute(KEY)
      .send(opened(KEY))
      .send(prepare('switch', NEXT, { probation: { durationMs: 0 } }))
      .send(commit);
    rig.send(prepare('rollback', KEY)).send(abort);
    expect([rig.state(), told(rig)]).toMatchObject(['Draining', { key: NEXT, kept: KEY }]);
    expect(told(rig.send(closed(KEY)))).toMatchObject({ kept: null, retired: KEY });
  });
});

describe('a route at work', () => {
  test("begins where the store says, with the store's fault if the file could not be understood", () => {
    expect(aRoute().state()).toBe('Unbound');
    expect(aRoute(KEY).state()).toBe('Serving');
    expect(aRoute(NEXT, { previous: KEY, probation: true }).state()).toBe('Probation');
    expect(context(aRoute(null, { fault: BROKEN })).fault).toEqual(BROKEN);
  });

  test('knows the fault of the release it points at, and forgets it when that serves again', () => {
    const rig = aRoute(KEY)
      .send(changed(KEY, false, true, BROKEN))
      .send(changed(NEXT, true, false));
    expect(context(rig)).toMatchObject({ release: KEY, fault: BROKEN });
    expect(context(rig.send(changed(KEY, true, false))).fault).toBeNull();
  });

  test('counts the flows that are open by the release they run on', () => {
    const rig = aRoute(KEY)
      .send(opened(KEY))
      .send(opened(KEY))
      .send(prepare('switch', NEXT))
      .send(commit)
      .send(opened(NEXT));
    expect(context(rig).flows).toEqual({ [KEY]: 2, [NEXT]: 1 });
    expect(context(rig.send(closed(KEY)).send(closed(KEY)).send(closed(KEY))).flows).toEqual({ [NEXT]: 1 });
  });
});
