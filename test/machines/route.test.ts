import { describe, expect, test } from 'vitest';
import { fault, routeMachine } from '../../machines/index.js';
import type { Fault, RouteContext, RouteInput } from '../../machines/index.js';
import { Rig } from '../support/machines/rig.js';
import { BROKEN, KEY, PID } from '../support/machines/samples.js';

const OTHER_VERSION = 'screw@2.0.0';
const OTHER_ALGORITHM = 'gear@1.0.0';

const aRoute = (bound: string | null = null, reason: Fault | null = null): Rig =>
  new Rig(routeMachine, { pid: PID, bound, fault: reason } satisfies RouteInput);
const activate = (key = KEY, supported = true, missingAssets: readonly string[] = []) =>
  ({ type: 'route.activate', operationId: 7, key, facts: { supported, missingAssets } }) as const;
const deactivate = { type: 'route.deactivate', operationId: 8 } as const;
const changed = (key: string, able: boolean, resting: boolean, reason: Fault | null = null) =>
  ({ type: 'release.changed', key, able, resting, fault: reason }) as const;
const ABLE = changed(KEY, true, false);

const bound = (rig: Rig) => rig.context<RouteContext>().release;
const answers = (rig: Rig) => rig.emitted;

describe('activation (contract §8)', () => {
  test('the release is made ready, then the file is written, then the PID is bound', () => {
    const rig = aRoute().send(activate());
    expect(rig.state()).toBe('Preheating');
    expect(rig.reports).toMatchObject([
      { type: 'route.reported', key: null, candidate: KEY, settled: false },
      { type: 'release.wanted', key: KEY, pid: PID },
    ]);
    expect(rig.send(ABLE).state()).toBe('Committing');
    expect(rig.effect('writeRoute').input).toEqual({ pid: PID, key: KEY });
    expect([bound(rig), answers(rig)]).toEqual([null, []]);
    expect(rig.done('writeRoute').state()).toBe('Serving');
    expect(bound(rig)).toBe(KEY);
    expect(rig.reports.at(-1)).toMatchObject({ key: KEY, settled: true });
    expect(answers(rig)).toEqual([{ type: 'operation.done', operationId: 7 }]);
  });

  test('a PID the release does not support is refused: 2006', () => {
    for (const rig of [aRoute(), aRoute(OTHER_ALGORITHM)]) {
      rig.send(activate(KEY, false));
      expect(answers(rig)).toMatchObject([{ type: 'operation.refused', operationId: 7, fault: { code: '2006' } }]);
      expect(rig.reports).toEqual([]);
    }
  });

  test('missing assets are refused: 1003, naming them', () => {
    const rig = aRoute().send(activate(KEY, true, ['model.bin']));
    expect(answers(rig)).toMatchObject([{ fault: { code: '1003', details: { missing: ['model.bin'] } } }]);
    expect(rig.state()).toBe('Unbound');
  });

  test('a PID bound to another algorithm is refused: 2006, naming it', () => {
    const rig = aRoute(OTHER_ALGORITHM).send(activate());
    expect(answers(rig)).toMatchObject([{ fault: { code: '2006', details: { bound: OTHER_ALGORITHM } } }]);
    expect(bound(rig)).toBe(OTHER_ALGORITHM);
  });

  test('another version of the bound algorithm is refused for now, with the way to do it', () => {
    const rig = aRoute(OTHER_VERSION).send(activate());
    const [refusal] = answers(rig) as unknown as { fault: Fault }[];
    expect(refusal?.fault.hint).toContain('Deactivate');
    expect(bound(rig)).toBe(OTHER_VERSION);
  });

  test('the release it is bound to already is confirmed, and wanted running', () => {
    const rig = aRoute(KEY).send(activate());
    expect(answers(rig)).toEqual([{ type: 'operation.done', operationId: 7 }]);
    expect(rig.reports).toEqual([{ type: 'release.wanted', key: KEY, pid: PID }]);
  });

  test('a release that does not get ready is refused with its fault, and nothing is bound', () => {
    const rig = aRoute()
      .send(activate())
      .send(changed(KEY, false, true, BROKEN));
    expect(rig.state()).toBe('Unbound');
    expect(answers(rig)).toEqual([{ type: 'operation.refused', operationId: 7, fault: BROKEN }]);
    expect(rig.reports.at(-1)).toMatchObject({ key: null, candidate: null, settled: true });
  });

  test('a release that rests without a fault is refused all the same', () => {
    const rig = aRoute()
      .send(activate())
      .send(changed(KEY, false, true));
    expect(answers(rig)).toMatchObject([{ fault: { name: 'release_not_ready' } }]);
  });

  test('what other releases do meanwhile does not matter, nor that it is still on its way', () => {
    const rig = aRoute()
      .send(activate())
      .send(changed(OTHER_VERSION, true, false))
      .send(changed(KEY, false, false));
    expect(rig.state()).toBe('Preheating');
  });

  test('a file that cannot be written leaves everything as it was', () => {
    const rig = aRoute().send(activate()).send(ABLE).fails('writeRoute');
    expect([rig.state(), bound(rig)]).toEqual(['Unbound', null]);
    expect(answers(rig)).toEqual([{ type: 'operation.refused', operationId: 7, fault: BROKEN }]);
    expect(rig.reports.at(-1)).toMatchObject({ key: null, candidate: null, settled: true });
  });

  test('a release lost while its file is written is bound with its fault by name', () => {
    const rig = aRoute()
      .send(activate())
      .send(ABLE)
      .send(changed(KEY, false, true, BROKEN))
      .done('writeRoute');
    expect(rig.context<RouteContext>()).toMatchObject({ release: KEY, fault: BROKEN });
  });

  test('what another release suffers meanwhile is not its fault', () => {
    const rig = aRoute()
      .send(activate())
      .send(ABLE)
      .send(changed(OTHER_VERSION, false, true, BROKEN))
      .done('writeRoute');
    expect(rig.context<RouteContext>()).toMatchObject({ release: KEY, fault: null });
  });

  test('while one operation is under way another is refused', () => {
    const rig = aRoute().send(activate());
    for (const other of [
      { ...activate(), operationId: 9 },
      { ...deactivate, operationId: 10 },
    ])
      rig.send(other);
    rig.send(ABLE).send({ ...activate(), operationId: 11 });
    expect(answers(rig).map(({ type, operationId }) => `${type} ${String(operationId)}`)).toEqual([
      'operation.refused 9',
      'operation.refused 10',
      'operation.refused 11',
    ]);
  });
});

describe('deactivation', () => {
  test('the file is removed first, then the PID is unbound', () => {
    const rig = aRoute(KEY).send(deactivate);
    expect([rig.state(), bound(rig)]).toEqual(['Unbinding', KEY]);
    expect(rig.reports).toMatchObject([{ key: KEY, settled: false }]);
    rig.done('removeRoute');
    expect([rig.state(), bound(rig)]).toEqual(['Unbound', null]);
    expect(rig.reports.at(-1)).toMatchObject({ key: null, settled: true });
    expect(answers(rig)).toEqual([{ type: 'operation.done', operationId: 8 }]);
  });

  test('a file that cannot be removed leaves everything as it was', () => {
    const rig = aRoute(KEY).send(deactivate).fails('removeRoute');
    expect([rig.state(), bound(rig)]).toEqual(['Serving', KEY]);
    expect(rig.reports.at(-1)).toMatchObject({ key: KEY, settled: true });
    expect(answers(rig)).toEqual([{ type: 'operation.refused', operationId: 8, fault: BROKEN }]);
  });

  test('a PID that is not bound is refused: 1001', () => {
    expect(answers(aRoute().send(deactivate))).toMatchObject([{ fault: { code: '1001' } }]);
  });
});

describe('a route at work', () => {
  test("begins where the store says, with the store's fault if the file could not be understood", () => {
    expect(aRoute().state()).toBe('Unbound');
    expect(aRoute(KEY).state()).toBe('Serving');
    const unreadable = fault('store_corrupt', 'active/A01.json is no JSON.');
    expect(aRoute(null, unreadable).context<RouteContext>().fault).toEqual(unreadable);
  });

  test('knows the fault of the release it points at, and forgets it when that serves again', () => {
    const rig = aRoute(KEY)
      .send(changed(KEY, false, true, BROKEN))
      .send(changed(OTHER_VERSION, true, false));
    expect(rig.context<RouteContext>()).toMatchObject({ release: KEY, fault: BROKEN });
    expect(rig.send(ABLE).context<RouteContext>().fault).toBeNull();
  });

  test('counts the flows that are open, whatever else it does', () => {
    const flow = (type: string, flowId: number) => ({ type, flowId, reason: 'finished' });
    const rig = aRoute(KEY).send(flow('flow.opened', 1)).send(flow('flow.opened', 2)).send(deactivate);
    rig.send(flow('flow.closed', 1)).done('removeRoute');
    expect(rig.context<RouteContext>().openFlows).toBe(1);
    rig.send(flow('flow.closed', 2)).send(flow('flow.closed', 2));
    expect(rig.context<RouteContext>().openFlows).toBe(0);
  });
});
