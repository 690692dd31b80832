import { assertEvent, assign, sendParent, sendTo, setup, spawnChild } from 'xstate';
import { osProcess } from './effects.js';
import { fault } from './fault.js';
import type { Fault } from './fault.js';
import { heartbeatMachine } from './heartbeat.machine.js';
import type { OsCommand, ProcessContext, ProcessEvent, ProcessInput, ProcessReport } from './process.events.js';
import type { ProcessTag } from './tags.js';
import {
  failedStart,
  fatalAnswer,
  heartbeatLost,
  infoMismatch,
  memoryExceeded,
  silentStart,
  stoppedDuringCall,
  tooManyFailures,
  unconfirmedStart,
  undelivered,
} from './process.faults.js';

/** The two children of a process, spawned once under fixed ids. */
const OS = 'os';
const HEARTBEAT = 'heartbeat';

/** A call that used less of a core than this, over a whole interval, waits for something. */
const STALLED_BELOW_CPU_PERCENT = 1;

/** The vocabulary of the process machine; what follows what is in process.machine.ts. */
export const processSetup = setup({
  types: {
    input: {} as ProcessInput,
    context: {} as ProcessContext,
    events: {} as ProcessEvent,
    tags: {} as ProcessTag,
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
    isStalled: ({ context, event }) =>
      event.type === 'resources.sampled' &&
      event.callId === context.callId &&
      event.cpuPercent < STALLED_BELOW_CPU_PERCENT,
    isAboveKillLimit: ({ context, event }) => isAbove(event, context.memory.killBytes),
    isAboveReplaceLimit: ({ context, event }) => isAbove(event, context.memory.replaceBytes),
    isRecoverableAnswer: ({ context, event }) =>
      event.type === 'call.answered' && event.recoverable === true && event.callId === context.callId,
    isRecoverableTooMany: ({ context, event }) =>
      event.type === 'call.answered' && event.recoverable === true && isOneTooMany(context, event.callId),
    isFailureTooMany: ({ context, event }) =>
      event.type === 'call.answered' && event.failed === true && isOneTooMany(context, event.callId),
    isCountedFailure: ({ context, event }) =>
      event.type === 'call.answered' &&
      event.failed === true &&
      event.callId === context.callId &&
      context.failuresMax !== undefined,
    endsFailures: ({ context, event }) =>
      event.type === 'call.answered' &&
      event.outcome === 'result' &&
      event.prepared !== true &&
      event.callId === context.callId &&
      context.failures > 0,
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
    sendTerminate: sendTo(OS, ({ context }): OsCommand => signalled('SIGTERM', context)),
    sendKill: sendTo(OS, ({ context }): OsCommand => signalled('SIGKILL', context)),
    sendAbandon: sendTo(OS, { type: 'group.abandon' } satisfies OsCommand),
    sendCall: sendTo(OS, ({ context }): OsCommand => ({ type: 'call.send', callId: context.callId })),

    expectInfo: assign({ confirmedByInfo: true }),
    noteHello: assign(({ event }) => {
      assertEvent(event, 'hello.received');
      return { helloAfterMs: event.afterMs ?? 0 };
    }),
    takeCall: assign(({ event }) => {
      assertEvent(event, 'call.dispatched');
      return { callId: event.callId, restingMisses: 0 };
    }),
    countFailure: assign({
      failures: ({ context }) => (context.failuresMax === undefined ? 0 : context.failures + 1),
    }),
    forgetFailures: assign({ failures: 0 }),
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
    /** How the process ended is part of the fault, whoever ended it. */
    noteAskedExit: assign(({ context, event }) => {
      assertEvent(event, 'os.exited');
      const { fault: why } = context;
      const details = { ...event.fault.details, ...why?.details };
      return { fault: why === null ? null : { ...why, details }, endedAtMs: event.atMs, jitter: event.jitter };
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
    noteMemoryExceeded: assign(({ context, event }) => {
      assertEvent(event, 'resources.sampled');
      return { fault: memoryExceeded(context, event.residentBytes) };
    }),
    noteFatalAnswer: assign({ fault: ({ context }) => fatalAnswer(context.key) }),
    noteTooManyFailures: assign({ fault: ({ context }) => tooManyFailures(context) }),

    reportReady: sendParent(({ context }): ProcessReport => ({ type: 'process.ready', slot: context.slot })),
    reportAnswer: sendParent(({ context, event }): ProcessReport => {
      assertEvent(event, 'call.answered');
      return { type: 'call.settled', slot: context.slot, callId: event.callId, outcome: event.outcome };
    }),
    reportLastAnswer: sendParent(({ context, event }): ProcessReport => {
      assertEvent(event, 'call.answered');
      return { type: 'call.settled', slot: context.slot, callId: event.callId, outcome: event.outcome, leaving: true };
    }),
    reportRecoverable: sendParent(({ context, event }): ProcessReport => {
      assertEvent(event, 'call.answered');
      return { type: 'call.failed', slot: context.slot, callId: event.callId, outcome: event.outcome };
    }),
    reportLastRecoverable: sendParent(({ context, event }): ProcessReport => {
      assertEvent(event, 'call.answered');
      return { type: 'call.failed', slot: context.slot, callId: event.callId, outcome: event.outcome, leaving: true };
    }),
    reportLeaving: sendParent(({ context }): ProcessReport => ({
      type: 'process.leaving',
      slot: context.slot,
      fault: context.fault,
    })),
    reportUndelivered: sendParent(({ context, event }): ProcessReport => {
      assertEvent(event, 'call.dispatched');
      return {
        ...ended('call.failed', context, 'lost', context.fault ?? undelivered(context.key)),
        callId: event.callId,
      };
    }),
    reportOverdue: sendParent(({ context }) => ended('call.failed', context, 'timed_out')),
    reportLost: sendParent(({ context }) => ended('call.failed', context, 'lost')),
    reportCancelled: sendParent(({ context }) =>
      ended('call.settled', context, 'cancelled', stoppedDuringCall(context.key)),
    ),
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
    confirmDeadline: ({ context }) => Math.max(0, context.timings.confirmMs - context.helloAfterMs),
    shutdownDeadline: ({ context }) => context.timings.shutdownMs,
    terminateDeadline: ({ context }) => context.timings.terminateMs,
    reapDeadline: ({ context }) => context.timings.reapMs,
  },
});

/** The report of a call that its process did not outlive. */
const ended = (
  type: 'call.settled' | 'call.failed',
  { slot, callId, fault: reason }: ProcessContext,
  outcome: 'timed_out' | 'lost' | 'cancelled',
  why: Fault | null = reason,
): Extract<ProcessReport, { type: 'call.settled' | 'call.failed' }> => ({
  type,
  slot,
  callId,
  outcome,
  leaving: true,
  ...(why === null ? {} : { fault: why }),
});

const isOneTooMany = ({ callId, failures, failuresMax }: ProcessContext, answered: number): boolean =>
  answered === callId && failuresMax !== undefined && failures + 1 >= failuresMax;

const isAbove = (event: ProcessEvent, limitBytes: number | null): boolean =>
  event.type === 'resources.sampled' && limitBytes !== null && event.residentBytes > limitBytes;

/** Written to its log, where people look for who ended a process and why. */
const signalled = (signal: 'SIGTERM' | 'SIGKILL', { fault: why }: ProcessContext): OsCommand => ({
  ...{ type: 'group.signal', signal },
  reason: why?.message ?? 'It was asked to leave, and had not left in time.',
});
