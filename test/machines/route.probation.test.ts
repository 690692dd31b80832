import { describe, expect, test } from 'vitest';
import {
  FAILURE,
  NEXT,
  OLDER,
  aRoute,
  abort,
  answer,
  changed,
  closed,
  commit,
  confirm,
  context,
  lost,
  observed,
  opened,
  prepare,
  switched,
  told,
  wishes,
} from '../support/machines/route-rig.js';
import type { Rig } from '../support/machines/rig.js';
import { BROKEN, KEY, PID } from '../support/machines/samples.js';

const failed = (): Rig => switched().send(observed(FAILURE)).send(observed(FAILURE));

describe('probation (contract §8)', () => {
  test('begins once the flows on the old release have finished; the old one is kept', () => {
    const rig = switched({}, 1);
    expect([rig.state(), context(rig)]).toMatchObject([
      'Draining',
      { release: NEXT, previous: KEY, onProbation: true },
    ]);
    expect(rig.send(closed(KEY)).state()).toBe('Probation');
    expect(told(rig)).toMatchObject({ key: NEXT, kept: KEY, retired: null });
  });

  test('confirmed too early to be written down, it still has flows to wait for: nothing strands them', () => {
    const rig = switched({}, 1).send(confirm).fails('commitRoutes');
    expect([rig.state(), context(rig).draining]).toEqual(['Draining', KEY]);
    expect(answer(rig.send(prepare('deactivate', null)))).toMatchObject({ refusal: { name: 'operation_conflict' } });
  });

  test('ends after its time: first written down, then the old release is let go', () => {
    const rig = switched().passes(60_000);
    expect([rig.state(), told(rig)]).toMatchObject(['Confirming', { settled: false }]);
    expect(rig.effect('commitRoutes').input).toMatchObject({
      ...{ kind: 'confirm', operationId: 0 },
      routes: [{ pid: PID, key: NEXT, previous: KEY, probation: null }],
    });
    expect(rig.done('commitRoutes').state()).toBe('Serving');
    expect(context(rig)).toMatchObject({ release: NEXT, previous: KEY, onProbation: false });
    expect(told(rig)).toMatchObject({ kept: null, retired: KEY, settled: true });
  });

  test('waits for as many calls as the release has to serve', () => {
    const rig = switched({ callsMin: 2 }).send(observed()).passes(60_000);
    expect(rig.state()).toBe('Probation.Extended');
    expect(rig.send(observed(FAILURE)).state()).toBe('Probation.Extended');
    expect(rig.send(observed()).state()).toBe('Confirming');
  });

  test('is ended at once by a person, who hears of it', () => {
    const rig = switched().send(confirm).done('commitRoutes');
    expect(rig.state()).toBe('Serving');
    expect(rig.emitted).toContainEqual({ type: 'operation.done', operationId: 8 });
  });

  test('that a person ends while flows run on the old release keeps that until they have finished', () => {
    const rig = switched({}, 1).send(confirm).done('commitRoutes');
    expect([rig.state(), told(rig)]).toMatchObject(['Draining', { kept: KEY, retired: null }]);
    expect(told(rig.send(closed(KEY)))).toMatchObject({ kept: null, retired: KEY });
  });

  test('goes on when its end cannot be written, and whoever asked hears why', () => {
    const rig = switched().send(confirm).fails('commitRoutes');
    expect([rig.state(), context(rig).onProbation]).toEqual(['Probation', true]);
    expect(rig.emitted).toEqual([{ type: 'operation.refused', operationId: 8, fault: BROKEN }]);
  });

  test('cannot be ended where there is none, nor while flows of a rollback are finished', () => {
    const returned = switched().send(opened(NEXT)).send(prepare('rollback', KEY)).send(commit);
    expect(returned.send(confirm).state()).toBe('Draining');
    const rig = aRoute(KEY).send(confirm);
    expect(rig.emitted).toMatchObject([
      { type: 'operation.refused', operationId: 8, fault: { name: 'operation_conflict' } },
    ]);
  });

  test('allows the way back and the way off, not another switch', () => {
    expect(answer(switched().send(prepare('switch', OLDER)))).toMatchObject({
      refusal: { details: { under_way: 'Probation' } },
    });
    expect(switched().send(prepare('rollback', OLDER)).state()).toBe('RollingBack');
    expect(switched().send(prepare('deactivate', null)).state()).toBe('Unbinding');
  });

  test('goes on after a restart of the Runner', () => {
    const rig = aRoute(NEXT, { previous: KEY, probation: true });
    expect(rig.passes(60_000).state()).toBe('Confirming');
  });

  test('there is none after an activation, a rollback, or a switch that wants none', () => {
    expect(context(aRoute().send(prepare('activate', KEY)).send(commit)).onProbation).toBe(false);
    expect(context(aRoute(KEY).send(prepare('rollback', NEXT)).send(commit)).onProbation).toBe(false);
    expect(context(switched({ durationMs: 0 })).onProbation).toBe(false);
  });
});

describe('a release that does not prove itself', () => {
  test('one failure more than allowed asks for the way back, with the reason', () => {
    const rig = switched().send(observed(FAILURE)).send(observed());
    expect([rig.state(), wishes(rig)]).toEqual(['Probation', []]);
    rig.send(observed(FAILURE));
    expect(rig.state()).toBe('Probation.Failed');
    expect(wishes(rig)).toMatchObject([
      { pid: PID, key: KEY, reason: { name: 'probation_failed', details: { calls: 3, failures: 2, errors_max: 1 } } },
    ]);
  });

  test('so do processes lost at rest, also while flows are still finished', () => {
    for (const rig of [switched(), switched({}, 1), switched({ callsMin: 1 }).passes(60_000)])
      expect(wishes(rig.send(lost(NEXT)).send(lost(NEXT)))).toHaveLength(1);
  });

  test('so does a breaker that opens, at once, with its fault', () => {
    const rig = switched().send(changed(NEXT, false, true, BROKEN));
    expect([rig.state(), wishes(rig)]).toMatchObject(['Probation.Failed', [{ key: KEY, reason: BROKEN }]]);
  });

  test('and a release that broke while the commit was being written', () => {
    const rig = aRoute(KEY)
      .send(prepare('switch', NEXT))
      .send(changed(NEXT, false, true, BROKEN))
      .send(commit);
    expect([rig.state(), wishes(rig)]).toMatchObject(['Probation.Failed', [{ key: KEY, reason: BROKEN }]]);
  });

  test('or while the end of its probation was being written, should that fail', () => {
    const rig = switched()
      .send(confirm)
      .send(changed(NEXT, false, true, BROKEN));
    expect(wishes(rig)).toEqual([]);
    expect(wishes(rig.fails('commitRoutes'))).toMatchObject([{ key: KEY, reason: BROKEN }]);
  });

  test('being restarted, or what another release suffers, is no failure', () => {
    const rig = switched()
      .send(changed(NEXT, false, false, BROKEN))
      .send(changed(KEY, false, true, BROKEN));
    rig.send(lost(KEY)).send(observed(FAILURE, KEY)).send(observed(FAILURE, KEY));
    expect([rig.state(), wishes(rig)]).toEqual(['Probation', []]);
  });

  test('the way back is asked for again and again until it works', () => {
    const rig = failed().passes(10_000);
    expect(wishes(rig)).toHaveLength(2);
    rig.send(prepare('rollback', KEY)).send(abort);
    expect(rig.state()).toBe('Probation.Failed');
    expect(wishes(rig.passes(9_999))).toHaveLength(2);
    expect(wishes(rig.passes(1))).toHaveLength(3);
  });

  test('returned to, the old release serves and the new one is let go', () => {
    const rig = failed().send(prepare('rollback', KEY)).send(commit);
    expect([rig.state(), context(rig)]).toMatchObject([
      'Serving',
      { release: KEY, previous: null, failed: null, onProbation: false },
    ]);
    expect(told(rig)).toMatchObject({ key: KEY, kept: null, retired: NEXT });
  });

  test('a rollback elsewhere lets the release that was kept warm go at once', () => {
    const rig = failed().send(prepare('rollback', OLDER)).send(commit);
    expect(rig.reports.filter(({ type, retired }) => type === 'route.reported' && retired !== null)).toMatchObject([
      { retired: KEY },
      { retired: NEXT },
    ]);
  });

  test('after its probation a PID falls back only where that is the policy', () => {
    const served = (fallback: boolean) =>
      aRoute(NEXT, { previous: KEY, policy: { ...context(aRoute()).policy, fallback } }).send(
        changed(NEXT, false, true, BROKEN),
      );
    expect(wishes(served(false))).toEqual([]);
    expect(wishes(served(true))).toMatchObject([{ key: KEY, reason: BROKEN }]);
  });
});
