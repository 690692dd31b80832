import { DEFAULT_TIMINGS } from '../../../machines/index.js';
import { eventWords } from './event-words.js';
import type { MachineWords } from './words.js';

export const RUNNER_WORDS: MachineWords = {
  events: eventWords('runner', {
    'package.reported': 'where a release stands now',
    'package.gone': 'a release is off the disk; its actor is taken away',
    'package.lost': 'a process was lost while no call ran in it',
    'package.found': 'a zip was found or handed in',
    'route.asked': 'a PID is to be asked whether it can take part',
    'route.prepared': 'its answer, for the changeover that asked',
    'route.reported': 'which releases the PID needs, and which no more',
    'rollback.wanted': 'the release did not prove itself: the PID wants to return',
    'release.wanted': 'a release has to be made ready for a change',
    'changeover.reported': 'how far a change of routes is',
    'changeover.asked': 'activate, switch, roll back or deactivate PIDs',
    'changeover.cancel': 'call off a change that is not yet committed',
    'changeover.measured': 'what a change cost in calls, errors and time; for the trace',
    'release.stop': 'stop a release',
    'release.uninstall': 'take a release off the disk',
    'runner.close': 'come to an end',
    'runner.hurry': 'while closing: cut short what drains, kill what stops',
    'flows.finished': 'no inspection is under way any more',
  }),
  guards: {
    allPlaced: 'Everything the store holds has its actor.',
    allPlacedToClose: 'The same, and somebody asked to close meanwhile.',
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
      presetMs: DEFAULT_TIMINGS.drainMs,
    },
    nextTurn: { says: 'the next turn of the event loop', presetMs: 0 },
  },
  effects: {
    recoverStore: 'Finishes or undoes what a dead Runner left half done, and reads the facts the store holds.',
    package: 'One package machine for every release.',
    route: 'One route machine for every PID.',
    changeover: 'One changeover machine for every change of routes, as long as that takes.',
  },
};
