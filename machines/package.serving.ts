import { report, REPORT_SERVING } from './package.reports.js';
import { packageSetup } from './package.setup.js';

/**
 * The hot path and what can befall it (contract §2, §6).
 *
 * INVARIANTS
 * - Running holds an idle process and no waiting call; Executing holds at least one running call.
 * - Every accepted call gets exactly one `call.settled` (invariant 5); a call that is refused was never accepted.
 * - The hot path is one level deep: sub-states of Running and Executing have dotted keys instead of a parent
 *   (docs/decisions/0003).
 */
const RESTARTING = '#Restarting';
const STOPPING = '#Stopping';
const DRAINING = '#Draining';

const CANCELLING = [
  { guard: 'callWaits', actions: 'cancelWaiting' },
  { guard: 'callRuns', actions: 'abandonRunning' },
] as const;

export const Running = packageSetup.createStateConfig({
  description: 'A process is idle; nobody waits.',
  on: {
    'call.requested': { target: 'Executing', actions: ['giveCall', 'dispatchGiven'] },
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
    'package.start': { actions: REPORT_SERVING },
    'package.stop': { target: STOPPING, actions: ['takeWish', 'clearFault'] },
  },
});

export const Restarting = packageSetup.createStateConfig({
  id: 'Restarting',
  description: 'The last process was lost and is being replaced; calls wait.',
  entry: report('Running', false),
  on: {
    'call.requested': [{ guard: 'queueIsFull', actions: 'refuseFullQueue' }, { actions: 'queueCall' }],
    'call.cancelled': { guard: 'callWaits', actions: 'cancelWaiting' },
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
      { target: STOPPING, actions: ['noteBreakerOpen', 'retireProcess', 'loseQueue'] },
    ],
    'slot.restarted': { actions: 'restartProcess' },
    'package.start': {},
    'package.stop': { target: STOPPING, actions: ['takeWish', 'clearFault'] },
  },
});

export const Stopping = packageSetup.createStateConfig({
  id: 'Stopping',
  description: 'Every process was asked to leave.',
  entry: ['cancelQueue', 'stopProcesses'],
  always: { guard: 'noProcessLives', target: 'Stopped' },
  on: {
    'call.settled': { actions: ['announceSettled', 'freeSlot'] },
    'process.ended': { actions: 'retireProcess' },
    'package.stop': { actions: 'takeWish' },
  },
});

export const Executing = packageSetup.createStateConfig({
  description: 'At least one process executes; calls beyond the idle processes wait.',
  on: {
    'call.settled': [
      { guard: 'leavesOthersExecuting', actions: ['announceSettled', 'freeSlot'] },
      { guard: 'leavesOthersAble', target: 'Running', actions: ['announceSettled', 'freeSlot'] },
      { guard: 'leavesNone', target: RESTARTING, actions: ['announceSettled', 'freeSlot'] },
      { guard: 'callsWait', actions: ['announceSettled', 'freeSlot', 'dispatchWaiting'] },
      { guard: 'othersExecute', actions: ['announceSettled', 'freeSlot'] },
      { target: 'Running', actions: ['announceSettled', 'freeSlot'] },
    ],
    'call.requested': [
      { guard: 'slotIsIdle', actions: ['giveCall', 'dispatchGiven'] },
      { guard: 'queueIsFull', actions: 'refuseFullQueue' },
      { actions: 'queueCall' },
    ],
    'call.cancelled': CANCELLING,
    'process.ready': { actions: ['noteReady', 'clearFault', 'dispatchWaiting'] },
    'process.leaving': { actions: 'noteLeaving' },
    'process.ended': [
      { guard: 'restartsNow', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
      { guard: 'restartsLater', actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
      { target: DRAINING, actions: ['noteBreakerOpen', 'retireProcess'] },
    ],
    'slot.restarted': { actions: 'restartProcess' },
    'package.start': { actions: REPORT_SERVING },
    'package.stop': { target: DRAINING, actions: ['takeWish', 'clearFault'] },
  },
});

export const Draining = packageSetup.createStateConfig({
  id: 'Draining',
  description: 'Asked to stop; accepted calls are finished first.',
  after: { drainDeadline: STOPPING },
  on: {
    'call.settled': [
      { guard: 'leavesOthersExecuting', actions: ['announceSettled', 'freeSlot'] },
      { guard: 'leavesNone', target: STOPPING, actions: ['announceSettled', 'freeSlot'] },
      { guard: 'callsWait', actions: ['announceSettled', 'freeSlot', 'dispatchWaiting'] },
      { guard: 'othersExecute', actions: ['announceSettled', 'freeSlot'] },
      { target: STOPPING, actions: ['announceSettled', 'freeSlot'] },
    ],
    'call.cancelled': CANCELLING,
    'process.ready': { actions: ['noteReady', 'dispatchWaiting'] },
    'process.leaving': { actions: 'noteLeaving' },
    'process.ended': { actions: 'retireProcess' },
    'package.stop': { actions: 'takeWish' },
  },
});
