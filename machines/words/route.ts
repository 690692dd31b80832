import { releaseIn } from './phrases.js';
import type { Vocabulary } from './words.js';

const RELEASE = 'a release stands elsewhere now';

export const ROUTE_WORDS: Vocabulary<'route'> = {
  events: {
    'route.prepare': {
      says: 'for a changeover: may this change be made; if so, hold still for it',
      told: (data) => `it was asked to hold still for a change to ${releaseIn(data)}`,
    },
    'route.commit': { says: 'the change is written', told: () => 'the change was written' },
    'route.abort': {
      says: 'the change is called off, nothing was written',
      told: () => 'the change was called off; nothing was written',
    },
    'route.confirm': { says: 'a person ends the probation', told: () => 'somebody ended the probation' },
    'release.changed': { says: RELEASE, told: (data) => `${String(data['key'])} changed` },
    'release.lost': {
      says: 'a process of a release was lost while no call ran in it',
      told: (data) => `a process of ${String(data['key'])} was lost`,
    },
    'call.observed': {
      says: 'how an attempt ended on the release on probation',
      told: () => 'a call on the release on probation ended',
    },
    'flow.opened': 'an inspection began',
    'flow.closed': 'an inspection ended',
  },
  inner: {
    'xstate.after.rollbackRetry.Failed': () => 'it was time to try once more to return',
    'xstate.init': () => 'it was put in its place, as the store has it',
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
      isDeadline: true,
    },
    probation: {
      says: 'how long the release before stays warm at least',
      option: 'probation.durationMs',
    },
    rollbackRetry: {
      says: 'when a rollback that failed is tried again',
      option: 'timings.rollbackRetryMs',
    },
  },
  effects: { commitRoutes: 'Writes that the probation is over into the route’s file.' },
  doing: {
    commitRoutes: 'writing the routes',
  },
};

export const CHANGEOVER_WORDS: Vocabulary<'changeover'> = {
  events: {
    'route.prepared': {
      says: 'a route answers whether it takes part',
      told: (data) => `${String(data['pid'])} ${data['refusal'] === null ? 'holds still' : 'refused'}`,
    },
    'release.changed': {
      says: RELEASE,
      told: (data) => `${String(data['key'])} ${data['able'] === true ? 'was ready' : 'was not able to serve'}`,
    },
    'changeover.cancel': { says: 'call it off', told: () => 'it was called off' },
  },
  inner: {
    'xstate.init': () => 'a change of routes began',
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
  doing: {
    commitRoutes: 'writing the routes',
  },
};
