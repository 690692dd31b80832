import { describe, expect, test } from 'vitest';
import { changeoverMachine } from '../../machines/index.js';
import type { ChangeoverInput, Fault } from '../../machines/index.js';
import { Rig } from '../support/machines/rig.js';
import { ROUTE_POLICY } from '../support/machines/route-rig.js';
import { BROKEN, KEY } from '../support/machines/samples.js';

const PIDS = ['A01', 'B02'];
const aChangeover = (more: Partial<ChangeoverInput> = {}): Rig =>
  new Rig(changeoverMachine, {
    ...{ operationId: 7, kind: 'switch', key: KEY, pids: PIDS, facts: {}, policy: ROUTE_POLICY, probation: {} },
    ...{ releaseIsFree: true, reason: null, ...more },
  } satisfies ChangeoverInput);

const answers = (pid: string, more: { refusal?: Fault; unchanged?: boolean; operationId?: number } = {}) => ({
  ...{
    type: 'route.prepared',
    pid,
    operationId: 7,
    unchanged: false,
    from: 'screw@0.9.0',
    probation: true,
    refusal: null,
  },
  ...more,
});
const changed = (able: boolean, resting: boolean, why: Fault | null = null, key = KEY) => ({
  ...{ type: 'release.changed', key, able, resting, fault: why },
});
const prepared = (more: Partial<ChangeoverInput> = {}): Rig =>
  aChangeover(more).send(answers('A01')).send(answers('B02'));
const cancel = { type: 'changeover.cancel' } as const;
const stages = (rig: Rig) =>
  rig.reports.flatMap(({ type, stage }) => (type === 'changeover.reported' ? [stage as string] : []));
const last = (rig: Rig) => rig.reports.filter(({ type }) => type === 'changeover.reported').at(-1);

describe('a change of routes (contract §8)', () => {
  test('asks every PID, makes the release ready, writes all files at once, and is made', () => {
    const rig = aChangeover();
    expect(rig.reports.slice(1)).toMatchObject(
      PIDS.map((pid) => ({ type: 'route.asked', pid, event: { kind: 'switch', key: KEY } })),
    );
    rig.send(answers('A01'));
    expect(rig.state()).toBe('Preparing');
    expect(rig.send(answers('B02')).reports.at(-1)).toMatchObject({ type: 'release.wanted', key: KEY });
    expect(rig.underWay).toBe('');
    expect(rig.send(changed(true, false)).effect('commitRoutes').input).toMatchObject({
      ...{ operationId: 7, kind: 'switch', reason: null },
      routes: PIDS.map((pid) => ({ pid, key: KEY, previous: 'screw@0.9.0', probation: {} })),
    });
    expect(last(rig.done('commitRoutes'))).toMatchObject({ stage: 'Committed', moving: PIDS, fault: null });
    expect(stages(rig)).toEqual(['Preparing', 'Preheating', 'Committing', 'Committed']);
  });

  test('one PID that refuses calls all of it off, whoever answers first', () => {
    for (const [first = '', second = ''] of [PIDS, PIDS.toReversed()]) {
      const rig = aChangeover()
        .send(answers(first, { refusal: BROKEN }))
        .send(answers(second));
      expect(last(rig)).toMatchObject({ stage: 'Aborting', moving: [second], fault: BROKEN });
    }
  });

  test('to nothing needs no release', () => {
    const rig = prepared({ kind: 'deactivate', key: null });
    expect(rig.effect('commitRoutes').input).toMatchObject({
      routes: [{ pid: 'A01', key: null, previous: null }, { pid: 'B02' }],
    });
  });

  test('where every PID is bound like this already is made when the release serves, and writes nothing', () => {
    const rig = aChangeover();
    for (const pid of PIDS) rig.send(answers(pid, { unchanged: true }));
    expect(rig.send(changed(true, false)).state()).toBe('Committed');
    expect([rig.underWay, last(rig)]).toMatchObject(['', { moving: [] }]);
  });

  test('a release that rests again, with a fault or without, is the end of it', () => {
    expect(last(prepared().send(changed(false, true, BROKEN)))).toMatchObject({ stage: 'Aborting', fault: BROKEN });
    expect(last(prepared().send(changed(false, true)))).toMatchObject({ fault: { name: 'release_not_ready' } });
  });

  test('one that was just busy when it was wanted is wanted once more', () => {
    const rig = prepared({ releaseIsFree: false }).send(changed(false, true, BROKEN));
    expect(rig.state()).toBe('Preheating');
    expect(rig.reports.filter(({ type }) => type === 'release.wanted')).toHaveLength(2);
    expect(rig.send(changed(false, true, BROKEN)).state()).toBe('Aborting');
  });

  test('what other releases do, and that it is on its way, changes nothing', () => {
    const rig = prepared()
      .send(changed(true, false, null, 'gear@1.0.0'))
      .send(changed(false, false));
    expect(rig.state()).toBe('Preheating');
  });

  test('files that cannot be written leave everything as it was (invariant 3)', () => {
    const rig = prepared().send(changed(true, false)).fails('commitRoutes');
    expect(last(rig)).toMatchObject({ stage: 'Aborting', moving: PIDS, fault: BROKEN });
  });

  test('is called off until its files are being written, not later', () => {
    for (const rig of [aChangeover(), prepared()])
      expect(last(rig.send(cancel))).toMatchObject({ stage: 'Aborting', fault: { name: 'operation_cancelled' } });
    expect(prepared().send(changed(true, false)).send(cancel).state()).toBe('Committing');
  });

  test('answers that are not meant for it, or come twice, count for nothing', () => {
    const rig = aChangeover()
      .send(answers('A01', { operationId: 6 }))
      .send(answers('A01'))
      .send(answers('A01', { refusal: BROKEN }));
    expect(rig.state()).toBe('Preparing');
    expect(
      rig
        .send(answers('B02'))
        .send(answers('B02', { refusal: BROKEN }))
        .state(),
    ).toBe('Preheating');
  });

  test('only a switch says what to return to', () => {
    for (const kind of ['activate', 'rollback'] as const)
      expect(prepared({ kind }).send(changed(true, false)).effect('commitRoutes').input).toMatchObject({
        routes: [{ previous: null }, { previous: null }],
      });
  });
});
