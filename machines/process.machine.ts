import { assertEvent, assign, sendParent, sendTo, setup, spawnChild } from 'xstate';
import { osProcess } from './effects.js';
import { fault } from './fault.js';
import type { Fault } from './fault.js';
import { heartbeatMachine } from './heartbeat.machine.js';
import type { OsCommand, ProcessContext, ProcessEvent, ProcessInput, ProcessReport } from './process.events.js';

/** The two children of a process, spawned once under fixed ids. */
const OS = 'os';
const HEARTBEAT = 'heartbeat';

/**
 * One operating-system process of a release (contract §4, §5). It knows nothing of packages or PIDs.
 *
 * INVARIANTS
 * - At most one call in flight; none before the handshake is confirmed, none once it was asked to leave (invariant 6).
 * - It is never ended for its heartbeat while a call runs, nor before two pings in a row were missed at rest (10).
 * - Only `os.exited` leads to Stopped; for a process that not even SIGKILL ends, the effect answers it all the same.
 * - A call sent to a process that is leaving is settled as lost, never dropped.
 * - Flat on purpose: Running ⇄ Executing is the hot path, one `assign` per delivery.
 */
export const processMachine = setup({
  types: {
    input: {} as ProcessInput,
    context: {} as ProcessContext,
    events: {} as ProcessEvent,
    children: {} as { os: 'runOsProcess'; heartbeat: 'heartbeat' },
  },
  actors: { runOsProcess: osProcess(), heartbeat: heartbeatMachine },
  guards: {
    speaksForeignProtocol: ({ context, event }) => {
      assertEvent(event, 'hello.received');
      return event.protocol !== null && !context.protocols.includes(event.protocol);
    },
    announcesInfo: ({ event }) => {
      assertEvent(event, 'hello.received');
      return event.announcesInfo;
    },
    infoAgrees: ({ event }) => {
      assertEvent(event, 'info.received');
      return event.mismatches.length === 0;
    },
    confirmsByPong: ({ context }) => !context.confirmedByInfo,
    isCallInFlight: ({ context, event }) => 'callId' in event && event.callId === context.callId,
    isFatalAnswer: ({ context, event }) =>
      event.type === 'call.answered' && event.fatal === true && event.callId === context.callId,
    missedTwiceAtRest: ({ context }) => context.restingMisses >= 1,
  },
  actions: {
    startHeartbeat: spawnChild('heartbeat', {
      id: HEARTBEAT,
      input: ({ context }) => ({ timings: context.timings }),
    }),
    relayPong: sendTo(HEARTBEAT, { type: 'pong.received' }),
    sendHello: sendTo(OS, { type: 'hello.send' } satisfies OsCommand),
    sendInfo: sendTo(OS, { type: 'info.send' } satisfies OsCommand),
    sendPing: sendTo(OS, { type: 'ping.send' } satisfies OsCommand),
    sendShutdown: sendTo(OS, { type: 'shutdown.send' } satisfies OsCommand),
    sendTerminate: sendTo(OS, { type: 'group.signal', signal: 'SIGTERM' } satisfies OsCommand),
    sendKill: sendTo(OS, { type: 'group.signal', signal: 'SIGKILL' } satisfies OsCommand),
    sendAbandon: sendTo(OS, { type: 'group.abandon' } satisfies OsCommand),
    sendCall: sendTo(OS, ({ context }): OsCommand => ({ type: 'call.send', callId: context.callId })),

    expectInfo: assign({ confirmedByInfo: true }),
    takeCall: assign(({ event }) => {
      assertEvent(event, 'call.dispatched');
      return { callId: event.callId, restingMisses: 0 };
    }),
    countRestingMiss: assign({ restingMisses: ({ context }) => context.restingMisses + 1 }),
    forgetMisses: assign({ restingMisses: 0 }),
    noteExit: assign(({ context, event }) => {
      assertEvent(event, 'os.exited');
      return { fault: context.fault ?? event.fault, endedAtMs: event.atMs, jitter: event.jitter };
    }),
    noteFailedStart: assign(({ context, event }) => {
      assertEvent(event, 'os.exited');
      return { fault: failedStart(context.key, event.fault), endedAtMs: event.atMs, jitter: event.jitter };
    }),
    noteAskedExit: assign(({ event }) => {
      assertEvent(event, 'os.exited');
      return { endedAtMs: event.atMs, jitter: event.jitter };
    }),
    noteFault: assign(({ event }) => ({ fault: 'fault' in event ? (event.fault ?? null) : null })),
    noteForeignProtocol: assign(({ context, event }) => {
      assertEvent(event, 'hello.received');
      const spoken = context.protocols.join(', ');
      return {
        fault: fault(
          'protocol_unsupported',
          `${context.key} speaks protocol ${event.protocol}; this Runner speaks ${spoken}.`,
        ),
      };
    }),
    noteMismatch: assign(({ context, event }) => {
      assertEvent(event, 'info.received');
      return { fault: infoMismatch(context.key, event.mismatches) };
    }),
    noteSilentStart: assign({ fault: ({ context }) => silentStart(context.key, context.timings.helloMs) }),
    noteUnconfirmedStart: assign({ fault: ({ context }) => unconfirmedStart(context.key, context.timings.confirmMs) }),
    noteHeartbeatLost: assign({ fault: ({ context }) => heartbeatLost(context.key) }),
    noteFatalAnswer: assign({ fault: ({ context }) => fatalAnswer(context.key) }),

    reportReady: sendParent(({ context }): ProcessReport => ({ type: 'process.ready', slot: context.slot })),
    reportAnswer: sendParent(({ context, event }): ProcessReport => {
      assertEvent(event, 'call.answered');
      return { type: 'call.settled', slot: context.slot, callId: event.callId, outcome: event.outcome };
    }),
    reportFatalAnswer: sendParent(({ context, event }): ProcessReport => {
      assertEvent(event, 'call.answered');
      return { type: 'call.settled', slot: context.slot, callId: event.callId, outcome: event.outcome, leaving: true };
    }),
    reportLeaving: sendParent(({ context }): ProcessReport => ({ type: 'process.leaving', slot: context.slot })),
    reportUndelivered: sendParent(({ context, event }): ProcessReport => {
      assertEvent(event, 'call.dispatched');
      return { ...settled(context, 'lost', context.fault ?? undelivered(context.key)), callId: event.callId };
    }),
    reportOverdue: sendParent(({ context }) => settled(context, 'timed_out')),
    reportLost: sendParent(({ context }) => settled(context, 'lost')),
    reportCancelled: sendParent(({ context }) => settled(context, 'cancelled', stoppedDuringCall(context.key))),
    reportEnd: sendParent(({ context }): ProcessReport => ({
      type: 'process.ended',
      slot: context.slot,
      fault: context.fault,
      atMs: context.endedAtMs,
      jitter: context.jitter,
    })),
  },
  delays: {
    helloDeadline: ({ context }) => context.timings.helloMs,
    confirmDeadline: ({ context }) => context.timings.confirmMs,
    shutdownDeadline: ({ context }) => context.timings.shutdownMs,
    terminateDeadline: ({ context }) => context.timings.terminateMs,
    reapDeadline: ({ context }) => context.timings.reapMs,
  },
}).createMachine({
  id: 'process',
  description: 'One operating-system process of a release: handshake, one call at a time, heartbeat, a graceful end.',
  context: ({ input }) => ({
    ...input,
    callId: 0,
    restingMisses: 0,
    fault: null,
    confirmedByInfo: false,
    endedAtMs: 0,
    jitter: 0,
  }),
  invoke: { id: OS, src: 'runOsProcess', input: ({ context }) => context },
  initial: 'Starting',
  on: {
    'os.exited': { target: '.Stopped', actions: 'noteExit' },
    'stream.faulted': { target: '.Killing', actions: 'noteFault' },
    'call.dispatched': { actions: 'reportUndelivered' },
  },
  states: {
    Starting: {
      description: 'Spawned; its hello is awaited.',
      after: { helloDeadline: { target: 'Killing', actions: 'noteSilentStart' } },
      on: {
        'hello.received': [
          { guard: 'speaksForeignProtocol', target: 'Stopping', actions: 'noteForeignProtocol' },
          { guard: 'announcesInfo', target: 'Confirming', actions: ['expectInfo', 'sendHello', 'sendInfo'] },
          { target: 'Confirming', actions: ['sendHello', 'sendPing'] },
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
      },
    },
    Executing: {
      description: 'One call is in flight; missed pings are recorded, only its deadline ends it.',
      on: {
        'call.answered': [
          { guard: 'isFatalAnswer', target: 'Stopping', actions: ['reportFatalAnswer', 'noteFatalAnswer'] },
          { guard: 'isCallInFlight', target: 'Running', actions: 'reportAnswer' },
        ],
        'call.overdue': {
          guard: 'isCallInFlight',
          target: 'Killing',
          actions: ['noteFault', 'reportOverdue'],
        },
        'os.exited': { target: 'Stopped', actions: ['noteExit', 'reportLost'] },
        'stream.faulted': { target: 'Killing', actions: ['noteFault', 'reportLost'] },
        'process.stop': { target: 'Stopping', actions: 'reportCancelled' },
        'pong.received': { actions: 'relayPong' },
        'heartbeat.due': { actions: 'sendPing' },
        'heartbeat.missed': {},
        'heartbeat.recovered': {},
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
      on: { 'os.exited': { target: 'Stopped', actions: 'noteAskedExit' }, 'stream.faulted': {} },
    },
    Stopped: {
      description: 'Gone; the package takes the actor away.',
      entry: 'reportEnd',
    },
  },
});

const settled = (
  { slot, callId, fault: reason }: ProcessContext,
  outcome: 'timed_out' | 'lost' | 'cancelled',
  why: Fault | null = reason,
): Extract<ProcessReport, { type: 'call.settled' }> => ({
  type: 'call.settled',
  slot,
  callId,
  outcome,
  leaving: true,
  ...(why === null ? {} : { fault: why }),
});

const infoMismatch = (key: string, mismatches: readonly string[]): Fault =>
  fault('info_mismatch', `get_info() of ${key} disagrees with its manifest: ${mismatches.join('; ')}.`, {
    details: { mismatches },
  });
const silentStart = (key: string, helloMs: number): Fault =>
  fault('start_failed', `${key} did not say hello within ${helloMs} ms of its start.`);
const unconfirmedStart = (key: string, confirmMs: number): Fault =>
  fault('start_failed', `${key} said hello but did not confirm that it is ready within ${confirmMs} ms.`);
const failedStart = (key: string, exit: Fault): Fault =>
  fault('start_failed', `${key} ended before it was ready: ${exit.message}`, {
    ...(exit.details === undefined ? {} : { details: exit.details }),
  });
const heartbeatLost = (key: string): Fault =>
  fault('timeout', `${key} missed two heartbeats in a row while it was at rest.`);
const undelivered = (key: string): Fault =>
  fault('process_lost', `The process of ${key} was leaving when the call reached it.`);
const stoppedDuringCall = (key: string): Fault =>
  fault('call_cancelled', `${key} was stopped while the call was running.`);
const fatalAnswer = (key: string): Fault =>
  fault('process_lost', `${key} answered with FatalError; its process is replaced.`);
