import { DEFAULT_PROBATION, DEFAULT_TIMINGS } from '../../../machines/index.js';
import { eventWords } from './event-words.js';
import type { MachineWords } from './words.js';

const RELEASE = 'a release stands elsewhere now';

export const ROUTE_WORDS: MachineWords = {
  events: eventWords('route', {
    'route.prepare': 'for a changeover: may this change be made; if so, hold still for it',
    'route.commit': 'the change is written',
    'route.abort': 'the change is called off, nothing was written',
    'route.confirm': 'a person ends the probation',
    'release.changed': RELEASE,
    'release.lost': 'a process of a release was lost while no call ran in it',
    'call.observed': 'how an attempt ended on the release on probation',
    'flow.opened': 'an inspection began',
    'flow.closed': 'an inspection ended',
  }),
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
  events: eventWords('changeover', {
    'route.prepared': 'a route answers whether it takes part',
    'release.changed': RELEASE,
    'changeover.cancel': 'call it off',
  }),
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
