import { DEFAULT_PROBATION, DEFAULT_TIMINGS } from '../../../machines/index.js';
import type { EventWords, MachineWords } from './words.js';

const RELEASE: EventWords = { from: 'the runner', says: 'a release stands elsewhere now' };

export const ROUTE_WORDS: MachineWords = {
  events: {
    'route.prepare': {
      from: 'the runner, for a changeover',
      says: 'may this change be made; if so, hold still for it',
    },
    'route.commit': { from: 'the runner', says: 'the change is written' },
    'route.abort': { from: 'the runner', says: 'the change is called off, nothing was written' },
    'route.confirm': { from: 'the library', says: 'a person ends the probation' },
    'release.changed': RELEASE,
    'release.lost': { from: 'the runner', says: 'a process of a release was lost while no call ran in it' },
    'call.observed': { from: 'the library', says: 'how an attempt ended on the release on probation' },
    'flow.opened': { from: 'the library', says: 'an inspection began' },
    'flow.closed': { from: 'the library', says: 'an inspection ended' },
  },
  guards: {
    isBound: 'The PID is bound to a release.',
    isOnProbation: 'The release it is bound to has to prove itself.',
    hasDrained: 'No flow runs any more on the release before.',
    hasDrainedBound: 'The same, and the PID is bound.',
    hasDrainedOnProbation: 'The same, and the new release has to prove itself.',
    hasFailedProbation: 'The release has not proved itself.',
    isUnfinished: 'A change before this one still drains, or is on probation.',
    hasServedEnough: 'The release has served as many calls as its probation asks for.',
    servesEnoughNow: 'With this call it has.',
    failsProbation: 'With this failure there are more than the probation allows.',
    isOwnRelease: 'It is about the release the PID is bound to.',
    ownReleaseIsFaulted: 'The release on probation has come to rest with a fault.',
    fallsBack: 'The release has come to rest with a fault, there is one before it, and `fallback` is set.',
    isCandidate: 'It is about the release being made ready.',
    candidateWasLost: 'The new release was lost while the change was being written, and has to prove itself.',
    isRefused:
      'The PID cannot take part: not supported, bound otherwise or to nothing, without its assets or a way back.',
    isUnchanged: 'The PID is bound like this already.',
    strandsFlows: 'Flows still run on a release that the change would forget.',
    asksToMoveOn: 'It is an activation or a switch.',
    asksToReturn: 'It is a rollback.',
    asksToUnbind: 'It is a deactivation.',
  },
  delays: {
    drainDeadline: {
      says: 'how long flows may go on on the release before',
      option: 'timings.drainMs',
      presetMs: DEFAULT_TIMINGS.drainMs,
    },
    probation: {
      says: 'how long the release before stays warm at least',
      option: 'probation.durationMs',
      presetMs: DEFAULT_PROBATION.durationMs,
    },
    rollbackRetry: {
      says: 'when a rollback that failed is tried again',
      option: 'timings.rollbackRetryMs',
      presetMs: DEFAULT_TIMINGS.rollbackRetryMs,
    },
  },
  effects: { commitRoutes: 'Writes that the probation is over into the route’s file.' },
};

export const CHANGEOVER_WORDS: MachineWords = {
  events: {
    'route.prepared': { from: 'a route, through the runner', says: 'whether it takes part' },
    'release.changed': RELEASE,
    'changeover.cancel': { from: 'the runner', says: 'call it off' },
  },
  guards: {
    isForeign: 'The answer belongs to another change, or was given before.',
    someoneIsMissing: 'Another PID has not answered yet.',
    isRefused: 'A PID cannot take part.',
    needsNoRelease: 'PIDs are bound to nothing.',
    movesNobody: 'The release is ready, and every PID was bound like this already.',
    releaseIsAble: 'The release is ready to serve.',
    releaseWasBusy: 'The release rests now; when the change began it was just stopping.',
    releaseFailed: 'The release has come to rest instead of getting ready.',
  },
  effects: { commitRoutes: 'Writes or removes the file of every PID that moves: all of them or none.' },
};
