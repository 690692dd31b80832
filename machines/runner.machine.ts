import { runnerSetup } from './runner.setup.js';

/**
 * One Runner per store: it reads the facts, brings every release and route to its place, relays between them, and ends
 * by draining.
 *
 * INVARIANTS
 * - A routed release is not stopped unless forced, and never uninstalled (contract §8, invariant 11).
 * - Closed is reached only when every release rests (invariant 12).
 * - Nothing is sent to an actor that is not placed yet (it is put off) or was taken away (it is dropped).
 * - An actor that fails is reported by name, and nobody waits for it: a release whose actor failed is Stopped with the
 *   fault, and its routes are told; a change that failed is aborted; a PID whose route failed goes on being served and is
 *   activated anew.
 */
export const runnerMachine = runnerSetup.createMachine({
  id: 'runner',
  description: 'One Runner per store: reads the facts, places every actor, relays, and ends by draining.',
  context: ({ input }) => ({
    ...input,
    standings: {},
    needs: {},
    changeovers: {},
    warmed: {},
    routes: [],
    unplaced: [],
    putOff: [],
    placed: [],
    fault: null,
    closing: false,
  }),
  initial: 'Opening',
  on: {
    'package.reported': { actions: ['relayToRoutes', 'noteStanding', 'announceReport'] },
    'package.gone': { actions: ['relayToRoutes', 'forgetPackage', 'announceReport'] },
    'package.lost': { actions: 'relayLoss' },
    'route.reported': { actions: ['noteNeeds', 'announceRoute'] },
    'route.asked': [{ guard: 'hasRoute', actions: 'relayToRoute' }, { actions: 'answerForNoRoute' }],
    'route.prepared': { actions: 'relayToChangeover' },
    'rollback.wanted': {},
    'changeover.reported': [
      { guard: 'isCommitted', actions: { type: 'closeChangeover', params: { tell: 'route.commit' } } },
      { guard: 'isAborted', actions: { type: 'closeChangeover', params: { tell: 'route.abort' } } },
      { actions: ['noteStage', 'announceStage'] },
    ],
    'changeover.asked': { actions: 'refuseNotServing' },
    'changeover.cancel': {},
    'changeover.measured': {},
    'runner.hurry': {},
    'flows.finished': {},
    'release.stop': { actions: 'refuseNotServing' },
    'release.uninstall': { actions: 'refuseNotServing' },
    'package.found': {},
    'xstate.error.actor.*': {
      actions: ['noteFailedPackage', 'noteFailedRoute', 'noteFailedChangeover', 'announceFailedActor'],
    },
  },
  states: {
    Opening: {
      description: 'What a dead Runner left half done is finished or undone; the facts are read.',
      invoke: {
        id: 'recoverStore',
        src: 'recoverStore',
        onDone: [
          { guard: 'isClosing', target: 'Closed' },
          { target: 'Placing', actions: 'noteFacts' },
        ],
        onError: { target: 'Failed', actions: 'noteFailure' },
      },
      on: { 'runner.close': { actions: 'noteClosing' } },
    },
    Placing: {
      description: 'Actors are put in their places, some at each turn of the event loop: a store may hold thousands.',
      entry: 'placeSome',
      always: [
        { guard: 'allPlacedToClose', target: 'Draining', actions: 'takeUpPutOff' },
        { guard: 'allPlaced', target: 'Serving', actions: 'takeUpPutOff' },
      ],
      after: { nextTurn: { target: 'Placing', reenter: true } },
      on: {
        'runner.close': { actions: 'noteClosing' },
        'rollback.wanted': [{ guard: 'isPutOff' }, { actions: 'putOff' }],
        'route.reported': [
          { guard: 'concernsUnplaced', actions: 'putOff' },
          { actions: ['noteNeeds', 'announceRoute'] },
        ],
      },
    },
    Serving: {
      description: 'Every actor is in its place; operations are taken.',
      tags: ['steady', 'working'],
      on: {
        'package.found': [{ guard: 'isKnown' }, { actions: 'spawnPackage' }],
        'changeover.asked': [
          { guard: 'isChanging', actions: 'refuseChanging' },
          { actions: ['spawnMissingRoutes', 'openChangeover'] },
        ],
        'changeover.cancel': { guard: 'isUnderWay', actions: 'cancelChangeover' },
        'rollback.wanted': [{ guard: 'isChanging' }, { actions: 'openChangeover' }],
        'release.wanted': [
          { guard: 'hasFailed', actions: 'refuseWish' },
          { guard: 'isKnown', actions: 'relayWish' },
          { actions: 'denyWish' },
        ],
        'release.stop': [
          { guard: 'isRoutedUnforced', actions: 'refuseRouted' },
          { guard: 'isKnown', actions: 'relayStop' },
          { actions: 'refuseUnknown' },
        ],
        'release.uninstall': [
          { guard: 'isRouted', actions: 'refuseRouted' },
          { guard: 'isBusy', actions: 'refuseBusy' },
          { guard: 'isKnown', actions: 'relayUninstall' },
          { actions: 'refuseUnknown' },
        ],
        'runner.close': 'Finishing',
      },
    },
    Finishing: {
      description: 'Nothing new is taken; inspections under way go on, and changes not yet committed are called off.',
      tags: 'working',
      entry: 'cancelChangeovers',
      after: { drainDeadline: 'Draining' },
      on: {
        'flows.finished': 'Draining',
        'runner.hurry': { target: 'Draining', actions: 'hurryOn' },
        'release.wanted': { actions: 'denyWish' },
      },
    },
    Draining: {
      description: 'Every release is brought to rest.',
      entry: 'stopAll',
      always: { guard: 'allRest', target: 'Releasing', actions: 'listPlaced' },
      on: {
        'release.wanted': { actions: 'denyWish' },
        'runner.hurry': { actions: 'hurryAll' },
        'package.reported': [
          { guard: 'isAwake', actions: ['relayToRoutes', 'noteStanding', 'announceReport', 'stopAgain'] },
          { actions: ['relayToRoutes', 'noteStanding', 'announceReport'] },
        ],
      },
    },
    Releasing: {
      description: 'Every release rests; actors are taken away, some at each turn of the event loop.',
      entry: 'releaseSome',
      always: { guard: 'noneIsPlaced', target: 'Closed' },
      after: { nextTurn: { target: 'Releasing', reenter: true } },
      // A timer of a remaining actor may fire when the receivers of its event are gone.
      on: {
        'package.reported': {},
        'package.lost': {},
        'route.reported': {},
        'xstate.error.actor.*': { actions: 'announceFailedActor' },
      },
    },
    Closed: { type: 'final', tags: 'steady', description: 'Every release rests and every route is settled.' },
    Failed: { type: 'final', tags: 'steady', description: 'The store could not be read; nothing was started.' },
  },
});
