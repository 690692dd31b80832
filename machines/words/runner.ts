import { listed, operation, releaseIn } from './phrases.js';
import type { Vocabulary } from './words.js';

export const RUNNER_WORDS: Vocabulary<'runner'> = {
  events: {
    'package.reported': {
      says: 'where a release stands now',
      told: (data) => `${releaseIn(data)} told where it stands`,
    },
    'package.gone': 'a release is off the disk; its actor is taken away',
    'package.lost': {
      says: 'a process was lost while no call ran in it',
      told: (data) => `${releaseIn(data)} lost a process while no call ran in it`,
    },
    'package.found': {
      says: 'a zip was found or handed in',
      told: (data) => `the package ${String(data['key'])} was handed in or found`,
    },
    'route.asked': {
      says: 'a PID is to be asked whether it can take part',
      told: (data) => `${String(data['pid'])} was asked to hold still`,
    },
    'route.prepared': {
      says: 'its answer, for the changeover that asked',
      told: (data) => `${String(data['pid'])} answered`,
    },
    'route.reported': 'which releases the PID needs, and which no more',
    'rollback.wanted': {
      says: 'the release did not prove itself: the PID wants to return',
      told: (data) => `${String(data['pid'])} is to return to ${String(data['key'])} by itself`,
    },
    'release.wanted': {
      says: 'a release has to be made ready for a change',
      told: (data) => `a change of routes needs ${String(data['key'])}`,
    },
    'changeover.reported': {
      says: 'how far a change of routes is',
      told: (data) => `the change was at ${String(data['stage'])}`,
    },
    'changeover.asked': {
      says: 'activate, switch, roll back or deactivate PIDs',
      told: (data) =>
        `somebody asked to bind ${listed(data['pids'])} to ${releaseIn(data)}${operation(data['operationId'])}`,
    },
    'changeover.cancel': 'call off a change that is not yet committed',
    'changeover.measured': 'what a change cost in calls, errors and time; for the trace',
    'release.stop': {
      says: 'stop a release',
      told: (data) => `somebody asked to stop ${String(data['key'])}${operation(data['operationId'])}`,
    },
    'release.uninstall': {
      says: 'take a release off the disk',
      told: (data) => `somebody asked to uninstall ${String(data['key'])}${operation(data['operationId'])}`,
    },
    'runner.close': { says: 'come to an end', told: () => 'somebody closed the Runner' },
    'runner.hurry': {
      says: 'while closing: cut short what drains, kill what stops',
      told: () => 'somebody asked the Runner to close faster',
    },
    'flows.finished': {
      says: 'no inspection is under way any more',
      told: () => 'the last inspection under way had ended',
    },
  },
  inner: {
    'xstate.init': () => 'a Runner was opened on the store',
    'xstate.done.actor.recoverStore': () => 'the store was read, and every release and route put in its place',
  },
  guards: {
    allPlaced: 'Everything the store holds has its actor.',
    allPlacedToClose: 'The same, and somebody asked to close meanwhile.',
    isPutOff: 'It is put off already.',
    concernsUnplaced: 'It lets go of a release that has no actor yet, or comes behind something that was put off.',
    noneIsPlaced: 'Every actor was taken away.',
    isAwake: 'The release that reported does not rest.',
    isClosing: 'Somebody asked to close before the store was read.',
    hasFailed: 'What looked after the release failed: nobody is there to hear of it.',
    isKnown: 'There is a release of this name in the store.',
    hasRoute: 'The PID has a route actor.',
    isChanging: 'A change of this PID is under way.',
    isCommitted: 'The change is written.',
    isAborted: 'The change was called off.',
    isUnderWay: 'The change to be cancelled is still under way.',
    isRouted: 'A PID points at the release, is about to, or keeps it for the way back.',
    isRoutedUnforced: 'A PID needs the release, and the stop is not forced.',
    isBusy: 'The release does not rest.',
    allRest: 'Every release rests, every route is settled and no change is under way.',
  },
  delays: {
    drainDeadline: {
      says: 'how long inspections under way may go on while the Runner closes',
      option: 'timings.drainMs',
      isDeadline: true,
    },
    nextTurn: { says: 'the next turn of the event loop' },
  },
  effects: {
    recoverStore: 'Finishes or undoes what a dead Runner left half done, and reads the facts the store holds.',
    package: 'One package machine for every release.',
    route: 'One route machine for every PID.',
    changeover: 'One changeover machine for every change of routes, as long as that takes.',
  },
  doing: {
    recoverStore: 'reading the store',
  },
};
