import { processSetup } from './process.setup.js';
import type { ProcessTag } from './tags.js';

/** Sub-states of Executing, kept one level deep (docs/decisions/0003). */
const OUTGROWN = '#Outgrown';
const STALLED = '#Stalled';
const UNRESPONSIVE = '#Unresponsive';

const IN_A_CALL: ProcessTag[] = ['steady', 'confirmed', 'executing'];

/** Hot path: the common answer comes last because the others are cheap to rule out. */
const ANSWERS = [
  { guard: 'isFatalAnswer', target: 'Stopping', actions: ['reportLastAnswer', 'noteFatalAnswer'] },
  {
    guard: 'isRecoverableTooMany',
    target: 'Stopping',
    actions: ['reportLastRecoverable', 'noteTooManyFailures'],
  },
  { guard: 'isFailureTooMany', target: 'Stopping', actions: ['reportLastAnswer', 'noteTooManyFailures'] },
  { guard: 'isRecoverableAnswer', target: 'Running', actions: ['countFailure', 'reportRecoverable'] },
  { guard: 'isCountedFailure', target: 'Running', actions: ['countFailure', 'reportAnswer'] },
  { guard: 'endsFailures', target: 'Running', actions: ['forgetFailures', 'reportAnswer'] },
  { guard: 'isCallInFlight', target: 'Running', actions: 'reportAnswer' },
] as const;

/** What ends a call that is not answered, and what does not, whatever is known of its progress. */
const IN_CALL = {
  'call.overdue': { guard: 'isCallInFlight', target: 'Killing', actions: ['noteFault', 'reportOverdue'] },
  'os.exited': { target: 'Stopped', actions: ['noteExit', 'reportLost'] },
  'stream.faulted': { target: 'Killing', actions: ['noteFault', 'reportLost'] },
  'process.stop': { target: 'Stopping', actions: 'reportCancelled' },
  'process.kill': { target: 'Killing', actions: 'reportCancelled' },
  'pong.received': { actions: 'relayPong' },
  'heartbeat.due': { actions: 'sendPing' },
  'heartbeat.missed': {},
  'heartbeat.recovered': {},
} as const;

/**
 * One operating-system process of a release (contract §4, §5). It knows nothing of packages or PIDs.
 *
 * INVARIANTS
 * - At most one call in flight; none before the handshake is confirmed, none once it was asked to leave (invariant 6).
 * - Hello and confirmation share one deadline, counted from the spawn.
 * - It is never ended for its heartbeat while a call runs, nor before two pings in a row were missed at rest (10).
 * - A call without progress shows as Unresponsive or Stalled, but only its deadline ends it: a slow algorithm and a hung
 *   one differ only in time.
 * - A process whose calls fail one after the other stays, unless its policy says after how many it is replaced.
 * - Only `os.exited` leads to Stopped; for a process that not even SIGKILL ends, the effect answers it all the same.
 * - A call sent to a process that is leaving is settled as lost, never dropped.
 * - Flat on purpose: Running ⇄ Executing is the hot path, one `assign` per delivery.
 */
export const processMachine = processSetup.createMachine({
  id: 'process',
  description: 'One operating-system process of a release: handshake, one call at a time, heartbeat, a graceful end.',
  context: ({ input }) => ({
    ...input,
    callId: 0,
    restingMisses: 0,
    failures: 0,
    fault: null,
    confirmedByInfo: false,
    helloAfterMs: 0,
    endedAtMs: 0,
    jitter: 0,
  }),
  invoke: { id: 'os', src: 'runOsProcess', input: ({ context }) => context },
  initial: 'Starting',
  on: {
    'os.exited': { target: '.Stopped', actions: 'noteExit' },
    'stream.faulted': { target: '.Killing', actions: 'noteFault' },
    'call.dispatched': { actions: 'reportUndelivered' },
    'resources.sampled': {},
    'process.kill': '.Killing',
  },
  states: {
    Starting: {
      description: 'Spawned; its hello is awaited.',
      after: { helloDeadline: { target: 'Killing', actions: 'noteSilentStart' } },
      on: {
        'hello.received': [
          { guard: 'speaksForeignProtocol', target: 'Stopping', actions: 'noteForeignProtocol' },
          {
            guard: 'announcesInfo',
            target: 'Confirming',
            actions: ['expectInfo', 'noteHello', 'sendHello', 'sendInfo'],
          },
          { target: 'Confirming', actions: ['noteHello', 'sendHello', 'sendPing'] },
        ],
        'start.refused': { target: 'Stopping', actions: 'noteFault' },
        'os.exited': { target: 'Stopped', actions: 'noteFailedStart' },
        'process.stop': 'Stopping',
      },
    },
    Confirming: {
      description: 'Hellos are exchanged; the answer to info (or to a ping) confirms that the algorithm is ready.',
      after: { confirmDeadline: { target: 'Killing', actions: 'noteUnconfirmedStart' } },
      on: {
        'info.received': [
          { guard: 'infoAgrees', target: 'Running', actions: ['startHeartbeat', 'reportReady'] },
          { target: 'Stopping', actions: 'noteMismatch' },
        ],
        'pong.received': { guard: 'confirmsByPong', target: 'Running', actions: ['startHeartbeat', 'reportReady'] },
        'start.refused': { target: 'Stopping', actions: 'noteFault' },
        'os.exited': { target: 'Stopped', actions: 'noteFailedStart' },
        'process.stop': 'Stopping',
      },
    },
    Running: {
      description: 'Ready for a call.',
      tags: ['steady', 'confirmed', 'ordinary'],
      on: {
        'call.dispatched': { target: 'Executing', actions: ['takeCall', 'sendCall'] },
        'process.stop': 'Stopping',
        'pong.received': { actions: 'relayPong' },
        'heartbeat.due': { actions: 'sendPing' },
        'heartbeat.missed': [
          { guard: 'missedTwiceAtRest', target: 'Killing', actions: ['noteHeartbeatLost', 'reportLeaving'] },
          { actions: 'countRestingMiss' },
        ],
        'heartbeat.recovered': { actions: 'forgetMisses' },
        'stream.faulted': { target: 'Killing', actions: ['noteFault', 'reportLeaving'] },
        'resources.sampled': [
          { guard: 'isAboveKillLimit', target: 'Killing', actions: ['noteMemoryExceeded', 'reportLeaving'] },
          { guard: 'isAboveReplaceLimit', target: 'Stopping', actions: ['noteMemoryExceeded', 'reportLeaving'] },
        ],
      },
    },
    Executing: {
      description: 'One call is in flight.',
      tags: [...IN_A_CALL, 'ordinary'],
      on: {
        'call.answered': ANSWERS,
        ...IN_CALL,
        'heartbeat.missed': UNRESPONSIVE,
        'resources.sampled': [
          { guard: 'isAboveKillLimit', target: 'Killing', actions: ['noteMemoryExceeded', 'reportLost'] },
          { guard: 'isAboveReplaceLimit', target: OUTGROWN, actions: 'noteMemoryExceeded' },
          { guard: 'isStalled', target: STALLED },
        ],
      },
    },
    'Executing.Unresponsive': {
      id: 'Unresponsive',
      description: 'Its call runs and it does not answer pings: stopped, or every thread of it is held up.',
      tags: IN_A_CALL,
      on: {
        'call.answered': ANSWERS,
        ...IN_CALL,
        'heartbeat.recovered': 'Executing',
        'resources.sampled': {
          guard: 'isAboveKillLimit',
          target: 'Killing',
          actions: ['noteMemoryExceeded', 'reportLost'],
        },
      },
    },
    'Executing.Stalled': {
      id: 'Stalled',
      description: 'Its call runs, it answers pings, and it uses no CPU: it waits for something.',
      tags: IN_A_CALL,
      on: {
        'call.answered': ANSWERS,
        ...IN_CALL,
        'heartbeat.missed': UNRESPONSIVE,
        'resources.sampled': [
          { guard: 'isAboveKillLimit', target: 'Killing', actions: ['noteMemoryExceeded', 'reportLost'] },
          { guard: 'isStalled' },
          { target: 'Executing' },
        ],
      },
    },
    'Executing.Outgrown': {
      id: 'Outgrown',
      description: 'It takes more memory than it may; it is replaced once its call is done.',
      tags: IN_A_CALL,
      on: {
        'call.answered': [
          { guard: 'isRecoverableAnswer', target: 'Stopping', actions: 'reportLastRecoverable' },
          { guard: 'isCallInFlight', target: 'Stopping', actions: 'reportLastAnswer' },
        ],
        ...IN_CALL,
        'resources.sampled': {
          guard: 'isAboveKillLimit',
          target: 'Killing',
          actions: ['noteMemoryExceeded', 'reportLost'],
        },
      },
    },
    Stopping: {
      description: 'Asked to leave by a shutdown frame.',
      entry: 'sendShutdown',
      after: { shutdownDeadline: 'Terminating' },
      on: {
        'shutdown.acknowledged': {},
        'os.exited': { target: 'Stopped', actions: 'noteAskedExit' },
        'stream.faulted': 'Killing',
      },
    },
    Terminating: {
      description: 'The whole group was sent SIGTERM.',
      entry: 'sendTerminate',
      after: { terminateDeadline: 'Killing' },
      on: { 'os.exited': { target: 'Stopped', actions: 'noteAskedExit' }, 'stream.faulted': 'Killing' },
    },
    Killing: {
      description: 'The whole group was sent SIGKILL.',
      entry: 'sendKill',
      after: { reapDeadline: { actions: 'sendAbandon' } },
      on: { 'os.exited': { target: 'Stopped', actions: 'noteAskedExit' }, 'stream.faulted': {}, 'process.kill': {} },
    },
    Stopped: {
      description: 'Gone; the package takes the actor away.',
      tags: 'ended',
      entry: 'reportEnd',
    },
  },
});
