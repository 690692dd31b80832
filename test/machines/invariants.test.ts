import { describe, expect, test } from 'vitest';
import { INVARIANTS } from '../../machines/invariants/index.js';
import type { Seen, SystemView } from '../../machines/invariants/index.js';
import { FACTS, KEY, PID, policyOf } from '../support/machines/samples.js';

/** A system that is nothing but what the test says of it. */
const view = (more: Record<string, unknown> = {}): SystemView => ({
  ...{ nowMs: 100, lateMs: 0, runner: { state: 'Serving' } },
  ...{ packages: new Map(), routes: new Map(), changeovers: new Map(), processes: new Map(), files: new Map() },
  ...more,
});
const route = (more: object = {}, state = 'Serving') => {
  const context = { pid: PID, release: KEY, previous: null, onProbation: false, failed: null, candidate: null };
  return { state, context: { ...context, draining: null, flows: {}, policy: { drainMs: 50 }, ...more } };
};
const release = (state: string, more: object = {}) => ({
  state,
  context: { key: KEY, policy: policyOf(), fault: null, slots: [], queue: [], ...more },
});
const process = { state: 'Running', context: { key: KEY, timings: policyOf().timings, launch: FACTS.launch } };
const delivered = (machine: string, actor: string, event: object, after: object, before: object | null = after) =>
  ({ what: 'delivered', machine, actor, event, before, after }) as unknown as Seen;
const emitted = (event: object) =>
  ({ what: 'emitted', machine: 'package', actor: `package/${KEY}`, event }) as unknown as Seen;
const asked = (command: object) => ({ what: 'asked', actor: 'p', command }) as unknown as Seen;

/** What an invariant says of one outside event after another. */
function judged(number: number, ...steps: readonly (readonly [readonly Seen[], SystemView])[]): readonly string[] {
  const invariant = INVARIANTS[number - 1];
  let memory = invariant?.start;
  return steps.flatMap(([happened, after]) => {
    const judgement = invariant?.watch(memory, happened, after);
    memory = judgement?.memory;
    return judgement?.wrong ?? [];
  });
}

const routes = new Map([[PID, route()]]);
const file = { pid: PID, key: KEY, previous: null, probation: null };
const stop = { type: 'package.stop', operationId: 0, wanted: 'stopped' };

/** By number: what breaks the invariant, and the same without the breach. */
const BREACHES: Readonly<Record<number, readonly [broken: readonly string[], sound: readonly string[]]>> = {
  1: [
    judged(1, [[], view({ routes })]),
    judged(1, [[], view({ routes, packages: new Map([[KEY, release('Running')]]) })]),
  ],
  2: [
    judged(2, [[delivered('route', PID, { type: 'route.commit' }, route(), route({ release: null }))], view()]),
    judged(2, [[delivered('route', PID, { type: 'route.commit' }, route({ release: null }), route())], view()]),
  ],
  3: (() => {
    const context = { key: KEY, pids: [PID], moving: [{ pid: PID, from: KEY, probation: false }] };
    const begins = delivered(
      'changeover',
      'changeover/A01',
      { type: 'xstate.init' },
      { state: 'Preparing', context },
      null,
    );
    const fails = delivered(
      'changeover',
      'changeover/A01',
      { type: 'x' },
      { state: 'Aborting', context },
      { state: 'Committing', context },
    );
    const open = view({ routes, changeovers: new Map([['A01', { state: 'Committing', context }]]) });
    const moved = view({ routes: new Map([[PID, route({ release: 'screw@2.0.0' })]]) });
    return [
      judged(3, [[begins], open], [[fails], moved]),
      judged(3, [[begins], open], [[fails], view({ routes })]),
    ] as const;
  })(),
  4: [judged(4, [[], view({ routes })]), judged(4, [[], view({ routes, files: new Map([[PID, file]]) })])],
  5: (() => {
    const request = delivered('package', KEY, { type: 'call.requested', callId: 1 }, release('Executing'));
    const send = (actor: string) => delivered('process', actor, { type: 'call.dispatched', callId: 1 }, process);
    const settled = emitted({ type: 'call.settled', callId: 1, outcome: 'result' });
    return [
      judged(5, [[request, send('a'), send('b'), settled, settled], view()]),
      judged(5, [
        [request, send('a'), delivered('process', 'a', { type: 'call.answered', callId: 1 }, process), settled],
        view(),
      ]),
    ] as const;
  })(),
  6: [
    judged(6, [[asked({ type: 'call.send', callId: 1 })], view()]),
    judged(6, [
      [
        asked({ type: 'hello.send' }),
        delivered('process', 'p', { type: 'pong.received' }, process),
        asked({ type: 'call.send', callId: 1 }),
      ],
      view(),
    ]),
  ],
  7: [
    judged(7, [[delivered('package', KEY, stop, release('Running.Stopping'))], view({ routes })]),
    judged(7, [[delivered('package', KEY, stop, release('Running.Stopping'))], view()]),
  ],
  8: (() => {
    const facts = { supported: true, missingAssets: [] };
    const event = { type: 'route.prepare', kind: 'rollback', key: 'screw@0.9.0', facts };
    const before = route({ previous: 'screw@0.9.0', onProbation: true }, 'Probation');
    const answers = (state: string) => [delivered('route', PID, event, { ...before, state }, before)];
    return [judged(8, [answers('Probation'), view()]), judged(8, [answers('RollingBack'), view()])] as const;
  })(),
  9: (() => {
    const slots = [{ phase: 'executing', call: null, abandoned: false }];
    const loses = (atMs: number, to: string) =>
      delivered(
        'package',
        `package/${KEY}`,
        { type: 'process.ended', slot: 0, atMs },
        release(to, { slots }),
        release('Running', { slots }),
      );
    const known = view({ packages: new Map([[KEY, release('Running')]]) });
    const loss = (atMs: number, to: string) => [[loses(atMs, to)], known] as const;
    const goesOn = 'Running.Restarting';
    return [
      judged(9, loss(1, goesOn), loss(2, goesOn), loss(3, goesOn)),
      judged(9, loss(1, goesOn), loss(2, goesOn), loss(3, 'Running.Stopping')),
    ] as const;
  })(),
  10: (() => {
    const born = delivered('process', 'p', { type: 'xstate.init' }, process, null);
    const at = (nowMs: number) => view({ nowMs, processes: new Map([['p', process]]) });
    return [judged(10, [[born], at(0)], [[], at(9_001)]), judged(10, [[born], at(0)], [[], at(9_000)])] as const;
  })(),
  11: (() => {
    const event = { type: 'package.uninstall', operationId: 1 };
    const goes = delivered('package', KEY, event, release('Stopped.Uninstalling'), release('Stopped.Idle'));
    return [judged(11, [[goes], view({ routes })]), judged(11, [[goes], view()])] as const;
  })(),
  12: [
    judged(12, [[{ what: 'ended', actor: 'p', left: ['p/os'] }], view()]),
    judged(12, [[{ what: 'ended', actor: 'p', left: [] }], view()]),
  ],
};

describe('invariants can be broken', () => {
  test('there are twelve, in their order', () => {
    expect(INVARIANTS.map(({ number }) => number)).toEqual(Object.keys(BREACHES).map(Number));
  });

  test.each(INVARIANTS.map(({ number, sentence }) => [number, sentence] as const))('%i: %s', (number) => {
    const [broken, sound] = BREACHES[number] ?? [[], []];
    expect(broken).not.toEqual([]);
    expect(sound).toEqual([]);
  });
});
