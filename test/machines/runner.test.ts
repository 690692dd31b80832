import { describe, expect, test } from 'vitest';
import { fault, policyFor, runnerMachine } from '../../machines/index.js';
import type { RestingState, RunnerContext, StoredRelease, Wanted } from '../../machines/index.js';
import { Rig } from '../support/machines/rig.js';
import { BROKEN, KEY, PID, policyOf, runnerInput, storedAs } from '../support/machines/samples.js';

const PACKAGE = `package/${KEY}`;
const ROUTE = `route/${PID}`;

/** A Runner that read its store. */
function opened(releases: readonly StoredRelease[] = [], bound: string | null = null, resume = true): Rig {
  const rig = new Rig(runnerMachine, { ...runnerInput(), resume });
  const routes = bound === null ? [] : [{ pid: PID, key: bound, fault: null }];
  return rig.answers('recoverStore', { releases, routes });
}
const release = (state: RestingState, wanted: Wanted = 'stopped') => storedAs(state, { wanted });

/** One release that serves, bound or not. */
const serving = (bound: string | null = null): Rig =>
  opened([release('Deployed', 'running')], bound)
    .done('recordRest')
    .getsReady();

const stop = (force = false) => ({ type: 'release.stop', operationId: 7, key: KEY, force }) as const;
const uninstall = { type: 'release.uninstall', operationId: 7, key: KEY } as const;
const found = { type: 'package.found', key: KEY, target: 'Deployed' } as const;
const close = { type: 'runner.close' } as const;
const activate = {
  type: 'route.activate',
  operationId: 9,
  key: KEY,
  facts: { supported: true, missingAssets: [] },
} as const;

const refusals = (rig: Rig) => rig.emitted.filter(({ type }) => type === 'operation.refused');
const nothingLeft = ({ composition }: Rig) =>
  expect([composition.processes(), composition.effects(), composition.timers, composition.machines()]).toEqual([
    [],
    [],
    [],
    [],
  ]);

describe('opening', () => {
  test('every release and route is placed where the store says', () => {
    const gear = storedAs('Invalid', { key: 'gear@1.0.0', reason: BROKEN });
    const rig = opened([release('Stopped'), gear], KEY);
    expect([rig.state(), rig.state(PACKAGE), rig.state('package/gear@1.0.0'), rig.state(ROUTE)]).toEqual([
      'Serving', 'Stopped.Idle', 'Invalid.Waiting', 'Serving',
    ]); // prettier-ignore
    expect(rig.context<RunnerContext>().standings).toMatchObject({
      [KEY]: { state: 'Stopped', resting: true },
      'gear@1.0.0': { state: 'Invalid', fault: BROKEN },
    });
  });

  test('what is wanted running is started, if the Runner is to resume', () => {
    expect(opened([release('Stopped', 'running')]).state(PACKAGE)).toBe('Stopped.Requested');
    expect(opened([release('Stopped', 'running')], null, false).state(PACKAGE)).toBe('Stopped.Idle');
    expect(opened([release('Validated', 'running')]).state(PACKAGE)).toBe('Validated.Waiting');
  });

  test('a zip that was only discovered goes on to Deployed', () => {
    const rig = opened([release('Discovered')]).done('validatePackage', 'recordRest');
    expect(rig.state(PACKAGE)).toBe('Validated.Extracting');
  });

  test('a route file that cannot be understood is a route with a fault, bound to nothing', () => {
    const corrupt = fault('store_corrupt', 'active/A01.json is no JSON.');
    const rig = new Rig(runnerMachine, runnerInput());
    rig.answers('recoverStore', { releases: [], routes: [{ pid: PID, key: null, fault: corrupt }] });
    expect(rig.state(ROUTE)).toBe('Unbound');
    expect(rig.context(ROUTE)).toMatchObject({ release: null, fault: corrupt });
  });

  test('a store that cannot be read is the end, with its fault', () => {
    const rig = new Rig(runnerMachine, runnerInput()).fails('recoverStore');
    expect(rig.state()).toBe('Failed');
    expect(rig.context<RunnerContext>().fault).toEqual(BROKEN);
  });

  test('asked to close meanwhile, it finishes the recovery first and starts nothing', () => {
    const rig = new Rig(runnerMachine, runnerInput()).send(close);
    expect([rig.state(), rig.underWay]).toEqual(['Opening', 'recoverStore']);
    rig.answers('recoverStore', { releases: [release('Deployed', 'running')], routes: [] });
    expect(rig.state()).toBe('Closed');
    nothingLeft(rig);
  });

  test('commands are refused until the store is read', () => {
    const rig = new Rig(runnerMachine, runnerInput()).send(stop()).send(uninstall).send(found);
    expect(refusals(rig)).toMatchObject([{ fault: { name: 'runner_closed' } }, { fault: { name: 'runner_closed' } }]);
  });
});

describe('serving', () => {
  test('a zip that is found becomes a release, once', () => {
    const rig = opened().send(found).send(found);
    expect(rig.state(PACKAGE)).toBe('Discovered.Validating');
    expect(rig.deliveries.filter(({ node, before }) => node.path === PACKAGE && before === null)).toHaveLength(1);
  });

  test("a release lives under the Runner's policy, its name's, its own, the closest last", () => {
    const overrides = { screw: { instances: 2, queueLimit: 9 }, [KEY]: { queueLimit: 1 } };
    const policy = policyFor(KEY, { ...runnerInput(), overrides });
    expect(policy).toEqual({ ...policyOf(), instances: 2, queueLimit: 1 });
  });

  test('an unrouted release is stopped when asked', () => {
    expect(serving().send(stop()).state(PACKAGE)).toBe('Running.Stopping');
  });

  test('a routed release is not stopped, and the PIDs are named', () => {
    const rig = serving(KEY).send(stop());
    expect(rig.state(PACKAGE)).toBe('Running');
    expect(refusals(rig)).toMatchObject([{ operationId: 7, fault: { code: '2007', details: { pids: [PID] } } }]);
  });

  test('unless forced', () => {
    const rig = serving(KEY).send(stop(true));
    expect(rig.state(PACKAGE)).toBe('Running.Stopping');
    expect(refusals(rig)).toEqual([]);
  });

  test('a release a route is being bound to counts as routed', () => {
    const rig = serving().send({ type: 'route.opened', pid: PID }).send(activate, ROUTE).send(stop());
    expect(rig.state(ROUTE)).toBe('Committing');
    expect(refusals(rig)).toMatchObject([{ fault: { code: '2007' } }]);
  });

  test('a routed release is never uninstalled: 2007', () => {
    const rig = opened([release('Stopped')], KEY).send(uninstall);
    expect(refusals(rig)).toMatchObject([{ operationId: 7, fault: { code: '2007', details: { pids: [PID] } } }]);
    expect(rig.state(PACKAGE)).toBe('Stopped.Idle');
  });

  test('a busy release is not uninstalled: 2007', () => {
    for (const rig of [serving(), opened([release('Discovered')]), serving().send(stop())]) {
      const before = rig.state(PACKAGE);
      expect(refusals(rig.send(uninstall))).toMatchObject([{ fault: { code: '2007' } }]);
      expect(rig.state(PACKAGE)).toBe(before);
    }
  });

  test('a resting, unrouted release is uninstalled, and found again later', () => {
    const rig = opened([release('Stopped')])
      .send(uninstall)
      .done('removeRelease');
    expect(rig.state(PACKAGE)).toBe('gone');
    expect(rig.context<RunnerContext>().standings).toEqual({});
    expect(rig.send(found).state(PACKAGE)).toBe('Discovered.Validating');
  });

  test('a release nobody knows cannot be stopped nor uninstalled', () => {
    const rig = opened().send(stop()).send(uninstall);
    expect(refusals(rig)).toMatchObject([
      { fault: { name: 'release_not_found' } },
      { fault: { name: 'release_not_found' } },
    ]);
  });

  test('whatever a release reports is announced, while draining too', () => {
    const announced = (rig: Rig) => rig.emitted.filter(({ type }) => type === 'release.reported').length;
    const rig = serving();
    const before = announced(rig);
    expect(announced(rig.send(stop()).leaves().done('recordRest'))).toBeGreaterThan(before);
    const draining = serving().send(close);
    const asked = announced(draining);
    expect(announced(draining.leaves())).toBeGreaterThan(asked);
    const gone = opened([release('Stopped')]).send(uninstall);
    const removing = announced(gone);
    expect(announced(gone.done('removeRelease'))).toBe(removing + 1);
  });

  test('an actor that fails is reported by name', () => {
    const rig = opened().send({ type: `xstate.error.actor.${PACKAGE}`, error: new Error('boom') });
    expect(rig.emitted).toMatchObject([{ type: 'actor.failed', actor: PACKAGE, fault: { name: 'unknown_error' } }]);
    expect(rig.state()).toBe('Serving');
  });
});

describe('routes', () => {
  const routed = (state: RestingState) => opened([release(state)]).send({ type: 'route.opened', pid: PID });

  test('activation starts the release, and binds when it serves and the file is written', () => {
    const rig = routed('Stopped').send(activate, ROUTE).done('recordRest').getsReady();
    expect(rig.context<RunnerContext>().bindings).toEqual({});
    rig.done('writeRoute');
    expect(rig.context<RunnerContext>()).toMatchObject({ bindings: { [PID]: KEY }, unsettled: {} });
  });

  test('activation of a release that serves already goes straight to the file', () => {
    expect(serving().send({ type: 'route.opened', pid: PID }).send(activate, ROUTE).underWay).toBe('writeRoute');
  });

  test('activation of a release that cannot run is refused, wherever it rests', () => {
    for (const state of ['Validated', 'Invalid'] as const) {
      const rig = routed(state).send(activate, ROUTE);
      expect(rig.state(ROUTE)).toBe('Unbound');
      expect(refusals(rig).at(-1)).toMatchObject({ operationId: 9, fault: { name: 'release_not_ready' } });
    }
  });

  test('activation of a release nobody knows is refused', () => {
    const rig = opened().send({ type: 'route.opened', pid: PID }).send(activate, ROUTE);
    expect(refusals(rig)).toMatchObject([{ operationId: 9, fault: { name: 'release_not_found' } }]);
  });

  test('activation of a release whose start fails is refused with that fault', () => {
    const rig = routed('Stopped').send(activate, ROUTE).done('recordRest').crashes().crashes().done('recordRest');
    expect(refusals(rig)).toMatchObject([{ operationId: 9, fault: { name: 'start_failed' } }]);
  });

  test('a PID has one route, however often it is opened', () => {
    const rig = opened().send({ type: 'route.opened', pid: PID }).send({ type: 'route.opened', pid: PID });
    expect(rig.context<RunnerContext>().routes).toEqual([PID]);
  });

  test('a route learns that its release is faulted', () => {
    const rig = serving(KEY).crashes();
    expect(rig.context(ROUTE)).toMatchObject({ release: KEY, fault: { name: 'process_lost' } });
  });
});

describe('closing', () => {
  test('calls are finished, processes leave, what was running is wanted again next time', () => {
    const rig = serving(KEY).send({ type: 'call.requested', callId: 1, pid: PID }, PACKAGE).send(close);
    expect([rig.state(), rig.state(PACKAGE)]).toEqual(['Draining', 'Executing.Draining']);
    rig.answersCall(1).leaves();
    expect(rig.effect('recordRest').input).toMatchObject({ state: 'Stopped', wanted: 'running' });
    expect(rig.done('recordRest').state()).toBe('Closed');
    nothingLeft(rig);
  });

  test('a Runner without releases, or with resting ones, closes at once and writes nothing', () => {
    for (const releases of [[], [release('Deployed')], [release('Stopped')], [release('Stopped', 'running')]]) {
      const rig = opened(releases, null, false).send(close);
      expect(rig.state()).toBe('Closed');
      expect(
        rig.deliveries.some(({ step }) => step.acts.some((act) => act.act === 'spawn' && act.src === 'recordRest')),
      ).toBe(false);
      nothingLeft(rig);
    }
  });

  test('a deployment under way is taken away first', () => {
    const rig = opened([release('Discovered')])
      .done('validatePackage', 'recordRest')
      .send(close);
    expect([rig.state(), rig.underWay]).toEqual(['Draining', 'discardDeployment']);
    expect(rig.done('discardDeployment').state()).toBe('Closed');
  });

  test('a validation or a removal under way is finished first', () => {
    expect(
      opened([release('Discovered')])
        .send(close)
        .fails('validatePackage')
        .done('recordRest')
        .state(),
    ).toBe('Closed');
    expect(
      opened([release('Stopped')])
        .send(uninstall)
        .send(close)
        .done('removeRelease')
        .state(),
    ).toBe('Closed');
  });

  test('a route file being written is finished first, and whoever activated gets his answer', () => {
    const rig = serving().send({ type: 'route.opened', pid: PID }).send(activate, ROUTE).send(close);
    rig.leaves().done('recordRest');
    expect(rig.state()).toBe('Draining');
    rig.done('writeRoute');
    expect(rig.state()).toBe('Closed');
    expect(rig.emitted).toContainEqual({ type: 'operation.done', operationId: 9 });
  });

  test('a route file being removed is removed first', () => {
    const rig = opened([release('Deployed')], KEY)
      .send({ type: 'route.deactivate', operationId: 9 }, ROUTE)
      .send(close);
    expect([rig.state(), rig.underWay]).toEqual(['Draining', 'removeRoute']);
    expect(rig.done('removeRoute').state()).toBe('Closed');
  });

  test('an activation that waits for its release is refused', () => {
    const rig = opened([release('Stopped')])
      .send({ type: 'route.opened', pid: PID })
      .send(activate, ROUTE)
      .send(close);
    expect(rig.done('recordRest').state()).toBe('Closed');
    expect(refusals(rig)).toMatchObject([{ operationId: 9 }]);
  });

  test('what is started behind its back while it drains is stopped again', () => {
    const gear = storedAs('Deployed', { key: 'gear@1.0.0' });
    const rig = opened([release('Discovered'), gear]).send(close);
    rig
      .send({ type: 'package.start', operationId: 3 }, 'package/gear@1.0.0')
      .done('recordRest')
      .fails('validatePackage');
    expect(rig.done('recordRest').state()).toBe('Closed');
  });

  test('nothing new is taken', () => {
    const rig = serving()
      .send(close)
      .send(stop())
      .send(uninstall)
      .send({ ...found, key: 'gear@1.0.0' });
    expect(refusals(rig)).toMatchObject([{ fault: { name: 'runner_closed' } }, { fault: { name: 'runner_closed' } }]);
    expect(rig.state('package/gear@1.0.0')).toBe('gone');
  });

  test('an activation asked for while it drains is refused', () => {
    const rig = serving().send({ type: 'route.opened', pid: PID }).send(close).send(activate, ROUTE);
    expect(rig.state(ROUTE)).toBe('Unbound');
    expect(refusals(rig)).toMatchObject([{ operationId: 9 }]);
  });
});
