import { WAITING } from './package.calls.js';
import { report, REPORT_SERVING } from './package.reports.js';
import { packageSetup } from './package.setup.js';

/**
 * The hot path and what can befall it (contract §2, §6).
 *
 * INVARIANTS
 * - Running holds an idle process and no waiting call; Executing holds at least one running call.
 * - A call is with one process at a time: one that failed with its process goes to another only when that has ended.
 * - Every accepted call gets exactly one `call.settled` (invariant 5); a call that is refused was never accepted.
 * - The hot path is one level deep: sub-states of Running and Executing have dotted keys instead of a parent
 *   (docs/decisions/0003).
 */
const RESTARTING = '#Restarting';
const STOPPING = '#Stopping';
const DRAINING = '#Draining';

/** Calls that wait or run, given up by their caller or by time. */
const GIVING_UP = [
  { guard: 'callWaits', actions: 'giveUpWaiting' },
  { guard: 'callRuns', actions: 'abandonRunning' },
] as const;
const GIVING_UPS = {
  'call.cancelled': GIVING_UP,
  'call.expired': GIVING_UP,
  'call.waited': { guard: 'callWaits', actions: 'giveUpWaiting' },
} as const;

const SETTLE = ['announceSettled', 'freeSlot'] as const;
const SETTLE_LEAVING = ['announceSettled', 'loseHomed', 'freeSlot'] as const;
const RETRY = ['announceRetry', 'requeueCall', 'freeSlot', 'dispatchWaiting'] as const;
const RETRY_ELSEWHERE = ['announceRetry', 'loseHomed', 'keepForRetry'] as const;

export const Running = packageSetup.createStateConfig({
  description: 'A process is idle; nobody waits.',
  tags: ['steady', 'serving'],
  on: {
    'call.requested': [
      { guard: 'homeIsGone', actions: 'refuseHomeGone' },
      { target: 'Executing', actions: ['giveCall', 'dispatchGiven'] },
    ],
    'process.ready': { actions: ['noteReady', 'clearFault'] },
    'process.leaving': [
      { guard: 'othersAble', actions: 'noteLeaving' },
      { target: RESTARTING, actions: 'noteLeaving' },
    ],
    'process.ended': [
      { guard: 'restartsNowWithOthers', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
      { guard: 'restartsLaterWithOthers', actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
      { guard: 'restartsNow', target: RESTARTING, actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
      { guard: 'restartsLater', target: RESTARTING, actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
      { target: STOPPING, actions: ['noteBreakerOpen', 'retireProcess'] },
    ],
    'slot.restarted': { actions: 'restartProcess' },
    'call.returned': { target: 'Executing', actions: 'dispatchWaiting' },
    'call.cancelled': { guard: 'callRuns', actions: 'abandonRunning' },
    'call.expired': { guard: 'callRuns', actions: 'abandonRunning' },
    'package.start': { actions: REPORT_SERVING },
    'package.stop': [
      { guard: 'retryIsPending', target: DRAINING, actions: ['takeWish', 'clearFault'] },
      { target: STOPPING, actions: ['takeWish', 'clearFault'] },
    ],
  },
});

export const Restarting = packageSetup.createStateConfig({
  id: 'Restarting',
  description: 'The last process was lost and is being replaced; calls wait.',
  tags: 'restarting',
  entry: report('Running', false),
  on: {
    ...WAITING,
    ...GIVING_UPS,
    'process.ready': [
      {
        guard: 'callsWait',
        target: 'Executing',
        actions: ['noteReady', 'clearFault', 'dispatchWaiting', REPORT_SERVING],
      },
      { target: 'Running', actions: ['noteReady', 'clearFault', REPORT_SERVING] },
    ],
    'process.ended': [
      { guard: 'restartsNow', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
      { guard: 'restartsLater', actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
      { target: STOPPING, actions: ['noteBreakerOpen', 'retireProcess'] },
    ],
    'slot.restarted': { actions: 'restartProcess' },
    'package.start': {},
    'package.stop': { target: STOPPING, actions: ['takeWish', 'clearFault'] },
  },
});

export const Stopping = packageSetup.createStateConfig({
  id: 'Stopping',
  description: 'Every process was asked to leave.',
  tags: 'leaving',
  entry: [report('Running', false), 'settleQueue', 'stopProcesses'],
  always: { guard: 'noProcessLives', target: 'Stopped' },
  on: {
    'call.settled': { actions: SETTLE },
    'call.failed': { actions: SETTLE },
    'process.ended': { actions: 'retireProcess' },
    'package.stop': { actions: 'takeWish' },
    'package.hurry': { actions: 'killProcesses' },
  },
});

/** A call has ended and a process is free for the next, or has gone with it. */
const SETTLED = [
  { guard: 'leavesOthersExecuting', actions: SETTLE_LEAVING },
  { guard: 'leavesOthersAble', target: 'Running', actions: SETTLE_LEAVING },
  { guard: 'leavesNone', target: RESTARTING, actions: SETTLE_LEAVING },
  { guard: 'callsWait', actions: [...SETTLE, 'dispatchWaiting'] },
  { guard: 'othersExecute', actions: SETTLE },
  { target: 'Running', actions: SETTLE },
] as const;

export const Executing = packageSetup.createStateConfig({
  description: 'At least one process executes; calls beyond the idle processes wait.',
  tags: ['steady', 'serving'],
  on: {
    'call.settled': SETTLED,
    'call.failed': [
      { guard: 'retriesInPlace', actions: RETRY },
      { guard: 'retriesAmongExecuting', actions: RETRY_ELSEWHERE },
      { guard: 'retriesAmongIdle', target: 'Running', actions: RETRY_ELSEWHERE },
      { guard: 'retriesAlone', target: RESTARTING, actions: RETRY_ELSEWHERE },
      ...SETTLED,
    ],
    'call.requested': [
      { guard: 'homeIsGone', actions: 'refuseHomeGone' },
      { guard: 'slotIsIdle', actions: ['giveCall', 'dispatchGiven'] },
      { guard: 'queueIsFull', actions: 'refuseFullQueue' },
      { actions: 'queueCall' },
    ],
    ...GIVING_UPS,
    'process.ready': { actions: ['noteReady', 'clearFault', 'dispatchWaiting'] },
    'process.leaving': { actions: ['noteLeaving', 'loseHomed'] },
    'process.ended': [
      { guard: 'restartsNow', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
      { guard: 'restartsLater', actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
      { target: DRAINING, actions: ['noteBreakerOpen', 'retireProcess'] },
    ],
    'slot.restarted': { actions: 'restartProcess' },
    'call.returned': { actions: 'dispatchWaiting' },
    'package.start': { actions: REPORT_SERVING },
    'package.stop': { target: DRAINING, actions: ['takeWish', 'clearFault'] },
  },
});

const SETTLED_LAST = [
  { guard: 'leavesOthersExecuting', actions: SETTLE_LEAVING },
  { guard: 'leavesNone', target: STOPPING, actions: SETTLE_LEAVING },
  { guard: 'callsWait', actions: [...SETTLE, 'dispatchWaiting'] },
  { guard: 'othersExecute', actions: SETTLE },
  { guard: 'retryIsPending', actions: SETTLE },
  { target: STOPPING, actions: SETTLE },
] as const;

export const Draining = packageSetup.createStateConfig({
  id: 'Draining',
  description:
    'Asked to stop, or given up on restarts; accepted calls are finished first, as far as processes are left.',
  tags: 'leaving',
  entry: report('Executing', false),
  after: { drainDeadline: STOPPING },
  on: {
    'call.settled': SETTLED_LAST,
    'call.failed': [
      { guard: 'retriesInPlace', actions: RETRY },
      { guard: 'retriesAmongIdle', actions: RETRY_ELSEWHERE },
      ...SETTLED_LAST,
    ],
    ...GIVING_UPS,
    'call.returned': { actions: 'dispatchWaiting' },
    'process.ready': { actions: ['noteReady', 'dispatchWaiting'] },
    'process.leaving': { actions: ['noteLeaving', 'loseHomed'] },
    'process.ended': [
      { guard: 'nothingIsLeftToDrain', target: STOPPING, actions: 'retireProcess' },
      { actions: 'retireProcess' },
    ],
    // No more processes are started.
    'slot.restarted': {},
    'package.stop': { actions: 'takeWish' },
    'package.hurry': { target: STOPPING, actions: 'killProcesses' },
  },
});
