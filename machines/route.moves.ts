import type { UnderWay } from './route.refusals.js';

/** The transitions that states of a route share, by what they mean. */
export const busyWith = (underWay: UnderWay) => ({ type: 'refuseConflict', params: { underWay } }) as const;
export const REPORT_BUSY = { type: 'reportRoute', params: { settled: false } } as const;
export const REPORT_SETTLED = { type: 'reportRoute', params: { settled: true } } as const;
export const REPORT_RETIRED = { type: 'reportRoute', params: { settled: true, retires: true } } as const;
export const BIND = { type: 'bindCandidate', params: { switched: true } } as const;
export const BIND_BACK = { type: 'bindCandidate', params: { switched: false } } as const;

export const TAKE_PART = ['takeCandidate', REPORT_BUSY, 'confirmPrepared'] as const;
/** What is asked of a PID that holds still for nobody. */
export const PREPARE = [
  { guard: 'isRefused', actions: 'refuse' },
  { guard: 'isUnchanged', actions: 'confirmUnchanged' },
  { guard: 'asksToUnbind', target: 'Unbinding', actions: TAKE_PART },
  { guard: 'asksToReturn', target: 'RollingBack', actions: TAKE_PART },
  { target: 'Switching', actions: TAKE_PART },
] as const;
/** The same while a change is still settling: rolling back and unbinding are possible, another switch is not. */
export const prepareMeanwhile = (underWay: UnderWay) =>
  [
    { guard: 'asksToMoveOn', actions: busyWith(underWay) },
    { guard: 'isRefused', actions: 'refuse' },
    { guard: 'isUnchanged', actions: 'confirmUnchanged' },
    { guard: 'asksToUnbind', target: 'Unbinding', actions: TAKE_PART },
    { target: 'RollingBack', actions: TAKE_PART },
  ] as const;
/** The same while flows still run on the release before: only a rollback to that one is possible. */
export const prepareDraining = (underWay: UnderWay) => {
  const [movesOn, refused, unchanged, ...rest] = prepareMeanwhile(underWay);
  return [movesOn, refused, unchanged, { guard: 'strandsFlows', actions: busyWith('Draining') }, ...rest] as const;
};
export const NOTE_FAULTS = [
  { guard: 'isOwnRelease', actions: 'noteReleaseFault' },
  { guard: 'isCandidate', actions: 'noteCandidateFault' },
] as const;
/** What is seen of a release that has to prove itself. */
export const FAILED = '#Failed';
const OBSERVED = [
  { guard: 'failsProbation', target: FAILED, actions: ['noteFailedProbation', 'wantRollback'] },
  { actions: 'countObservation' },
] as const;
export const ON_PROBATION = {
  'call.observed': OBSERVED,
  'release.lost': OBSERVED,
  'release.changed': [
    { guard: 'ownReleaseIsFaulted', target: FAILED, actions: ['noteBrokenRelease', 'wantRollback'] },
    { guard: 'isOwnRelease', actions: 'noteReleaseFault' },
  ],
} as const;
export const CONFIRM = { target: 'Confirming', actions: 'takeOperation' } as const;
export const LET_GO = ['dropCandidate', REPORT_SETTLED] as const;
/** Back to where it was held still. */
export const RESUME = [
  { guard: 'hasFailedProbation', target: FAILED, actions: LET_GO },
  { guard: 'isUnfinished', target: 'Draining', actions: LET_GO },
  { guard: 'isBound', target: 'Serving', actions: LET_GO },
] as const;
