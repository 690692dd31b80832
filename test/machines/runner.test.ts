import { describe, expect, test } from 'vitest';
import { fault, policyFor, runnerMachine } from '../../machines/index.js';
import type { ChangeKind, RestingState, RunnerContext, StoredRelease, Wanted } from '../../machines/index.js';
import { Rig } from '../support/machines/rig.js';
import { BROKEN, KEY, PID, policyOf, runnerInput, storedAs } from '../support/machines/samples.js';

const PACKAGE = `package/${KEY}`;
const ROUTE = `route/${PID}`;

/** A Runner that read its store. */
function opened(releases: readonly StoredRelease[] = [], bound: string | null = null, resume = true): Rig {
  const rig = new Rig(runnerMachine, { ...runnerInput(), resume });
  const routes = bound === null ? [] : [{ pid: PID, key: bound, previous: null, probation: null, fault: null }];
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
const finished = { type: 'flows.finished' } as const;
const hurry = { type: 'runner.hurry' } as const;
const ask = (kind: ChangeKind, key: string | null, pids: readonly string[] = [PID], operationId = 9) => {
  const facts = Object.fromEntries(pids.map((pid) => [pid, { supported: true, missingAssets: [] }]));
  return { type: 'changeover.asked', operationId, kind, key, pids, facts, probation: {} } as const;
};
const activate = ask('activate', KEY);
const cancel = { type: 'changeover.cancel', operationId: 9 } as const;

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
    rig.answers('recoverStore', {
      releases: [],
      routes: [{ pid: PID, key: null, previous: null, probation: null, fault: corrupt }],
    });
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

  test("a release lives under the Runner's policy, its name's or its own, the closest", () => {
    const ofName = { ...policyOf(), instances: 2 };
    const itsOwn = { ...policyOf(), queueLimit: 1 };
    const input = { ...runnerInput(), overrides: { screw: ofName, [KEY]: itsOwn } };
    expect(policyFor(KEY, input)).toEqual(itsOwn);
    expect(policyFor('screw@9.9.9', input)).toEqual(ofName);
    expect(policyFor('other@1.0.0', input)).toEqual(policyOf());
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
    const rig = serving().send(activate).send(stop());
    expect(rig.state(ROUTE)).toBe('Switching');
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
    const draining = serving().send(close).send(finished);
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

describe('a store of more actors than one turn of the event loop has', () => {
  const NEXT = 'screw@2.0.0';
  const onProbation = { pid: PID, key: NEXT, previous: KEY, probation: { durationMs: 60_000 }, fault: null };
  const routes = [onProbation, { pid: 'B02', key: KEY, previous: null, probation: null, fault: null }];
  const slowly = (reason: typeof BROKEN | null = BROKEN): Rig => {
    const releases = [storedAs('Stopped', { key: NEXT, reason }), release('Stopped')];
    return new Rig(runnerMachine, { ...runnerInput(), resume: false, actorsPerTurn: 1 }).answers('recoverStore', {
      releases,
      routes,
    });
  };

  test('is served once all of them are placed', () => {
    const rig = slowly();
    expect([rig.state(), rig.state(ROUTE)]).toEqual(['Placing', 'Probation']);
    expect(rig.passes(0).state()).toBe('Serving');
  });

  test('has its failed probations answered, whenever they were reported', () => {
    expect(slowly().passes(0).context<RunnerContext>().changeovers).toMatchObject({
      [PID]: { kind: 'rollback', key: KEY, pids: [PID] },
    });
  });

  test('stops what a route lets go of only once that has an actor', () => {
    const retired = {
      type: 'route.reported',
      pid: PID,
      key: KEY,
      candidate: null,
      kept: null,
      retired: NEXT,
      settled: true,
    };
    const needs = (rig: Rig) => rig.context<RunnerContext>().needs[PID]?.key;
    const rig = slowly(null);
    expect(needs(rig.send(retired))).toBe(NEXT);
    expect(needs(rig.send({ ...retired, retired: null }))).toBe(NEXT); // in its order
    expect(needs(rig.passes(0))).toBe(KEY);
  });

  test('starts nothing more once it is to close', () => {
    const running = [storedAs('Stopped', { wanted: 'running' })];
    const rig = new Rig(runnerMachine, { ...runnerInput(), actorsPerTurn: 1 });
    rig.answers('recoverStore', { releases: running, routes }).send(close).passes(0);
    expect(rig.state()).toBe('Closed');
    nothingLeft(rig);
  });

  test('hears nothing of a release that wakes up while others are taken away', () => {
    const rig = slowly(null).passes(0).send(close).send(finished);
    expect(rig.state()).toBe('Releasing');
    const wakes = { key: KEY, state: 'Stopped', ready: false, resting: false, wanted: 'running', fault: null };
    expect(rig.send({ type: 'package.reported', ...wakes }).state()).toBe('Releasing');
    expect(rig.passes(0).state()).toBe('Closed');
  });

  test('is closed without hearing those that are taken away', () => {
    const rig = slowly().send(close);
    expect(rig.passes(0).state()).toBe('Closed');
    nothingLeft(rig);
  });
});

describe('changes of routes', () => {
  const ends = (rig: Rig) =>
    rig.emitted.filter(({ type, stage }) => type === 'changeover.reported' && /Committed|Aborting/.test(String(stage)));
  const released = (state: RestingState) => opened([release(state)]);
  const NEXT = 'screw@2.0.0';
  const pair = (): Rig => {
    const releases = [KEY, NEXT].map((key) => storedAs('Deployed', { key, wanted: 'running' }));
    const routes = [PID, 'B02'].map((pid) => ({ pid, key: KEY, previous: null, probation: null, fault: null }));
    const rig = new Rig(runnerMachine, runnerInput()).answers('recoverStore', { releases, routes });
    rig.done('recordRest', 'recordRest');
    for (const os of [...rig.composition.processes()]) {
      rig.composition.tell(os, { type: 'os.spawned', osPid: 1, isolation: 'group' });
      rig.composition.tell(os, { type: 'hello.received', protocol: 1, announcesInfo: true, sdkVersion: null });
      rig.composition.tell(os, { type: 'info.received', mismatches: [] });
    }
    return rig;
  };

  test('activation starts the release, and binds when it serves and the file is written', () => {
    const rig = released('Stopped').send(activate).done('recordRest').getsReady();
    expect(rig.context<RunnerContext>().needs).toMatchObject({ [PID]: { key: null, candidate: KEY, settled: false } });
    rig.done('commitRoutes');
    expect(rig.context<RunnerContext>()).toMatchObject({
      ...{ needs: { [PID]: { key: KEY, candidate: null, settled: true } }, changeovers: {}, warmed: {} },
    });
    expect(ends(rig)).toMatchObject([{ operationId: 9, stage: 'Committed', moved: [PID], fault: null }]);
  });

  test('activation of a release that serves already goes straight to the file', () => {
    expect(serving().send(activate).underWay).toBe('commitRoutes');
  });

  test('activation of a release that cannot run is refused, wherever it rests', () => {
    for (const state of ['Validated', 'Invalid'] as const) {
      const rig = released(state).send(activate);
      expect(rig.state(ROUTE)).toBe('Unbound');
      expect(ends(rig)).toMatchObject([{ stage: 'Aborting', fault: { name: 'release_not_ready' } }]);
    }
  });

  test('activation of a release nobody knows is refused', () => {
    expect(ends(opened().send(activate))).toMatchObject([{ stage: 'Aborting', fault: { name: 'release_not_found' } }]);
  });

  test('activation of a release whose start fails is refused with that fault', () => {
    const rig = released('Stopped').send(activate).done('recordRest').crashes().crashes().done('recordRest');
    expect(ends(rig)).toMatchObject([{ stage: 'Aborting', fault: { name: 'start_failed' } }]);
  });

  test('a route learns that its release is faulted', () => {
    const rig = serving(KEY).crashes();
    expect(rig.context(ROUTE)).toMatchObject({ release: KEY, fault: { name: 'process_lost' } });
  });

  test('several PIDs are switched together, in one commit', () => {
    const rig = pair().send(ask('switch', NEXT, [PID, 'B02']));
    expect(rig.effect('commitRoutes').input).toMatchObject({
      routes: [
        { pid: PID, key: NEXT },
        { pid: 'B02', key: NEXT },
      ],
    });
    rig.done('commitRoutes');
    expect([rig.context(ROUTE), rig.context('route/B02')]).toMatchObject([{ release: NEXT }, { release: NEXT }]);
  });

  test('or not at all: one that refuses lets the others go', () => {
    const rig = pair().send(ask('switch', NEXT, [PID, 'C03']));
    expect(ends(rig)).toMatchObject([{ stage: 'Aborting', fault: { name: 'invalid_pid' } }]);
    expect([rig.state(ROUTE), rig.context(ROUTE)]).toMatchObject(['Serving', { release: KEY }]);
  });

  test('a change of a PID that takes part in another is refused with what is under way', () => {
    const rig = pair()
      .send(ask('switch', NEXT))
      .send(ask('deactivate', null, [PID], 10))
      .send(ask('switch', NEXT, ['B02', PID], 11));
    expect(refusals(rig)).toMatchObject([
      { operationId: 10, fault: { name: 'operation_conflict', details: { under_way: 'switch', stage: 'Committing' } } },
    ]);
    expect(ends(rig)).toMatchObject([{ operationId: 11, stage: 'Aborting', fault: { name: 'operation_conflict' } }]);
    expect(rig.state('route/B02')).toBe('Serving');
  });

  test('the release that was replaced is stopped once no PID needs it any more, and not before', () => {
    const rig = pair()
      .send(ask('switch', NEXT))
      .done('commitRoutes')
      .send({ type: 'route.confirm', operationId: 3 }, ROUTE);
    rig.done('commitRoutes');
    expect(rig.state(PACKAGE)).toBe('Running');
    rig.send(ask('switch', NEXT, ['B02'])).done('commitRoutes');
    expect(rig.state(PACKAGE)).toBe('Running');
    rig.send({ type: 'route.confirm', operationId: 4 }, 'route/B02').done('commitRoutes');
    expect(rig.state(PACKAGE)).toBe('Running.Stopping');
  });

  test('a release kept warm is neither stopped unforced nor uninstalled', () => {
    const rig = pair()
      .send(ask('switch', NEXT, [PID, 'B02']))
      .done('commitRoutes')
      .send(stop())
      .send(uninstall);
    expect(refusals(rig)).toMatchObject([{ fault: { code: '2007' } }, { fault: { code: '2007' } }]);
  });

  test('a probation that failed returns the PID by itself', () => {
    const rig = pair().send(ask('switch', NEXT)).done('commitRoutes');
    for (let call = 0; call < 4; call++) rig.send({ type: 'call.observed', key: NEXT, failure: BROKEN }, ROUTE);
    expect(rig.effect('commitRoutes').input).toMatchObject({
      kind: 'rollback',
      operationId: 0,
      reason: { name: 'probation_failed' },
    });
    rig.done('commitRoutes');
    expect(rig.context(ROUTE)).toMatchObject({ release: KEY, onProbation: false });
  });

  test('a release started for a change that was called off is stopped again, wanted as before', () => {
    const rig = released('Stopped').send(activate).done('recordRest').send(cancel);
    expect(ends(rig)).toMatchObject([{ stage: 'Aborting', fault: { name: 'operation_cancelled' } }]);
    expect(rig.leaves().effect('recordRest').input).toMatchObject({ state: 'Stopped', wanted: 'stopped' });
  });

  test('one that ran before goes on', () => {
    const rig = opened([storedAs('Deployed', { wanted: 'running' })])
      .send(activate)
      .send(cancel)
      .done('recordRest')
      .getsReady();
    expect(rig.state(PACKAGE)).toBe('Running');
  });

  test('once its files are being written a change is not called off any more', () => {
    const rig = serving().send(activate).send(cancel);
    expect(ends(rig.done('commitRoutes'))).toMatchObject([{ stage: 'Committed' }]);
  });

  test('a release whose actor failed leaves no change waiting for it', () => {
    const rig = released('Stopped')
      .send(activate)
      .send({ type: `xstate.error.actor.${PACKAGE}`, error: new Error('boom') });
    expect(ends(rig)).toMatchObject([
      { stage: 'Aborting', fault: { name: 'actor_failed', details: { actor: PACKAGE, reason: { message: 'boom' } } } },
    ]);
  });

  test('to a release whose actor failed is refused by name at once', () => {
    const rig = released('Stopped')
      .send({ type: `xstate.error.actor.${PACKAGE}`, error: new Error('boom') })
      .send(activate);
    expect(ends(rig)).toMatchObject([{ stage: 'Aborting', fault: { name: 'actor_failed' } }]);
  });

  test('that itself failed lets its PIDs go, and whoever asked for it hears why', () => {
    const rig = released('Stopped')
      .send(activate)
      .send({ type: `xstate.error.actor.changeover/${PID}`, error: new Error('boom') });
    expect(ends(rig)).toMatchObject([
      { stage: 'Aborting', operationId: activate.operationId, fault: { name: 'actor_failed' } },
    ]);
    expect(rig.context<RunnerContext>().changeovers).toEqual({});
    expect(rig.state(`route/${PID}`)).toBe('Unbound');
  });

  test('of a PID whose route failed is refused by name, and nobody waits for the route', () => {
    const rig = serving(KEY).send({ type: `xstate.error.actor.route/${PID}`, error: new Error('boom') });
    const context = rig.context<RunnerContext>();
    expect(context.routes).not.toContain(PID);
    expect(context.needs[PID]).toMatchObject({ key: KEY, settled: true });
    expect(ends(rig.send({ ...activate, kind: 'deactivate', key: null }))).toMatchObject([
      { stage: 'Aborting', fault: { name: 'actor_failed' } },
    ]);
  });

  test('a change that moves nobody and fails leaves no debt: what a person starts later goes on', () => {
    const rig = opened([release('Stopped')], KEY)
      .send(activate)
      .fails('recordRest');
    expect(ends(rig)).toMatchObject([{ stage: 'Aborting', moved: [], fault: BROKEN }]);
    expect(rig.context<RunnerContext>().warmed).toEqual({});
  });
});

describe('closing', () => {
  test('calls are finished, processes leave, what was running is wanted again next time', () => {
    const rig = serving(KEY).send({ type: 'call.requested', callId: 1, pid: PID }, PACKAGE).send(close).send(finished);
    expect([rig.state(), rig.state(PACKAGE)]).toEqual(['Draining', 'Executing.Draining']);
    rig.answersCall(1).leaves();
    expect(rig.effect('recordRest').input).toMatchObject({ state: 'Stopped', wanted: 'running' });
    expect(rig.done('recordRest').state()).toBe('Closed');
    nothingLeft(rig);
  });

  test('a Runner without releases, or with resting ones, closes at once and writes nothing', () => {
    for (const releases of [[], [release('Deployed')], [release('Stopped')], [release('Stopped', 'running')]]) {
      const rig = opened(releases, null, false).send(close).send(finished);
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
      .send(close)
      .send(finished);
    expect([rig.state(), rig.underWay]).toEqual(['Draining', 'discardDeployment']);
    expect(rig.done('discardDeployment').state()).toBe('Closed');
  });

  test('a validation or a removal under way is finished first', () => {
    expect(
      opened([release('Discovered')])
        .send(close)
        .send(finished)
        .fails('validatePackage')
        .done('recordRest')
        .state(),
    ).toBe('Closed');
    expect(
      opened([release('Stopped')])
        .send(uninstall)
        .send(close)
        .send(finished)
        .done('removeRelease')
        .state(),
    ).toBe('Closed');
  });

  test('inspections under way are finished first, within the drain deadline; nothing new is taken meanwhile', () => {
    const rig = serving(KEY).send(close);
    expect([rig.state(), rig.state(PACKAGE)]).toEqual(['Finishing', 'Running']);
    expect(refusals(rig.send(activate).send(stop(true)))).toMatchObject([
      { fault: { name: 'runner_closed' } },
      { fault: { name: 'runner_closed' } },
    ]);
    rig.tell({ type: 'pong.received' }).passes(4_000).send(finished);
    expect([rig.state(), rig.state(PACKAGE)]).toEqual(['Draining', 'Running.Stopping']);
    const idle = opened([release('Stopped')])
      .send(close)
      .passes(30_000);
    expect(idle.state()).toBe('Closed');
  });

  test('told to hurry it waits for nobody: what runs is killed', () => {
    const rig = serving(KEY).send({ type: 'call.requested', callId: 1, pid: PID }, PACKAGE).send(close).send(hurry);
    expect([rig.state(), rig.state(PACKAGE)]).toEqual(['Draining', 'Running.Stopping']);
    expect(rig.commands.at(-1)).toMatchObject({ type: 'group.signal', signal: 'SIGKILL' });
    expect(rig.crashes().done('recordRest').state()).toBe('Closed');
  });

  test('a hurry that comes later cuts short what still drains or stops', () => {
    for (const rig of [serving(), serving().send({ type: 'call.requested', callId: 1, pid: PID }, PACKAGE)]) {
      rig.send(close).send(finished).send(hurry);
      expect(rig.commands.at(-1)).toMatchObject({ type: 'group.signal', signal: 'SIGKILL' });
    }
  });

  test('a change that is being written is finished first, and whoever asked gets his answer', () => {
    for (const begin of [serving().send(activate), serving(KEY).send(ask('deactivate', null))]) {
      const rig = begin.send(close).send(finished).leaves().done('recordRest');
      expect([rig.state(), rig.underWay]).toEqual(['Draining', 'commitRoutes']);
      expect(rig.done('commitRoutes').state()).toBe('Closed');
      expect(rig.emitted).toContainEqual(expect.objectContaining({ type: 'changeover.reported', stage: 'Committed' }));
    }
  });

  test('a change that cannot be written leaves the wish for its release as it was, written down before the end', () => {
    const rig = opened([release('Deployed')])
      .send(activate)
      .done('recordRest')
      .getsReady();
    rig.send(close).send(finished).leaves().done('recordRest').fails('commitRoutes');
    expect([rig.state(), rig.effect('recordRest').input]).toMatchObject(['Draining', { wanted: 'stopped' }]);
    expect(rig.done('recordRest').state()).toBe('Closed');
    nothingLeft(rig);
  });

  test('a release that cannot run keeps nobody waiting when its PID lets go of it', () => {
    const rig = opened([release('Invalid', 'running')], KEY)
      .send(ask('deactivate', null))
      .done('commitRoutes');
    expect(rig.context<RunnerContext>().standings).toMatchObject({ [KEY]: { resting: true } });
    expect(rig.send(close).send(finished).state()).toBe('Closed');
  });

  test('a change that waits for its release is called off', () => {
    const rig = opened([release('Stopped')])
      .send(activate)
      .send(close);
    expect(rig.emitted).toContainEqual(
      expect.objectContaining({ stage: 'Aborting', fault: expect.objectContaining({ name: 'operation_cancelled' }) }),
    );
    expect(rig.send(finished).done('recordRest').state()).toBe('Closed');
  });

  test('what is started behind its back while it drains is stopped again', () => {
    const gear = storedAs('Deployed', { key: 'gear@1.0.0' });
    const rig = opened([release('Discovered'), gear])
      .send(close)
      .send(finished);
    rig
      .send({ type: 'package.start', operationId: 3 }, 'package/gear@1.0.0')
      .done('recordRest')
      .fails('validatePackage');
    expect(rig.done('recordRest').state()).toBe('Closed');
  });

  test('nothing new is taken', () => {
    const rig = serving()
      .send(close)
      .send(finished)
      .send(stop())
      .send(uninstall)
      .send({ ...found, key: 'gear@1.0.0' });
    expect(refusals(rig)).toMatchObject([{ fault: { name: 'runner_closed' } }, { fault: { name: 'runner_closed' } }]);
    expect(rig.state('package/gear@1.0.0')).toBe('gone');
  });

  test('a change asked for while it drains is refused', () => {
    const rig = serving().send(close).send(finished).send(activate);
    expect(refusals(rig)).toMatchObject([{ operationId: 9, fault: { name: 'runner_closed' } }]);
  });
});
