import { call, listed } from './phrases.js';
import type { Timings } from '../timings.js';
import type { DelayMeaning, Vocabulary } from './words.js';

const delay = (says: string, option: keyof Timings): DelayMeaning => ({
  says,
  option: `timings.${option}`,
  isDeadline: true,
});

export const PROCESS_WORDS: Vocabulary<'process'> = {
  events: {
    'os.spawned': {
      says: 'it exists; for the trace',
      told: (data) => `the operating system gave it the number ${String(data['osPid'])}`,
    },
    'reply.dropped': 'it answered what nobody asks any more; for the trace',
    'hello.received': { says: 'the algorithm says hello', told: () => 'it said hello' },
    'info.received': {
      says: 'the answer to info, held against the manifest',
      told: (data) =>
        Array.isArray(data['mismatches']) && data['mismatches'].length > 0
          ? `what it says of itself differs from its manifest: ${listed(data['mismatches'])}`
          : 'what it says of itself agrees with its manifest',
    },
    'pong.received': { says: 'the answer to a ping', told: () => 'it answered a ping' },
    'call.answered': {
      says: 'the algorithm has answered the call',
      told: (data) => `it answered ${call(data)}: ${String(data['outcome'])}`,
    },
    'call.overdue': {
      says: 'the call had the time it may have',
      told: (data) => `it had not answered ${call(data)} when the deadline came`,
    },
    'start.refused': { says: 'the process says that it cannot start', told: () => 'it refused to start' },
    'stream.faulted': { says: 'what it wrote breaks the protocol', told: () => 'it wrote something that is no frame' },
    'shutdown.acknowledged': 'it is about to leave',
    'resources.sampled': {
      says: 'what it took of CPU and memory',
      told: () => 'it took more memory than it may, or used no CPU',
    },
    'os.exited': {
      says: 'it is gone, or written off',
      told: (_data, { before }) => (before === 'Stopping' ? 'it left' : 'it ended'),
    },
    'call.dispatched': { says: 'a call to execute', told: (data) => `it was given ${call(data)}` },
    'process.stop': { says: 'leave in good order', told: () => 'it was asked to leave' },
    'process.kill': { says: 'leave at once', told: () => 'it was to be killed' },
    'heartbeat.due': 'send a ping',
    'heartbeat.missed': {
      says: 'a ping went unanswered',
      told: (data) => `it answered no ping, ${String(data['misses'])} in a row`,
    },
    'heartbeat.recovered': { says: 'it answers again', told: () => 'it answered pings again' },
  },
  inner: {
    'xstate.init': () => 'it was started',
    'xstate.after.helloDeadline.process.Starting': () => 'it had not said hello in time',
    'xstate.after.confirmDeadline.process.Confirming': () => 'it had not confirmed in time that it is ready',
    'xstate.after.shutdownDeadline.process.Stopping': () => 'it had not left in time, and was sent SIGTERM',
    'xstate.after.terminateDeadline.process.Terminating': () => 'SIGTERM had not ended it, and it was sent SIGKILL',
  },
  guards: {
    speaksForeignProtocol: 'It speaks a protocol that this Runner does not.',
    announcesInfo: 'Its hello says that it answers info.',
    infoAgrees: 'What it says of itself agrees with its manifest.',
    confirmsByPong: 'It does not answer info, so that a pong confirms that it is ready.',
    isCallInFlight: 'It is about the call in flight.',
    isFatalAnswer: 'The answer is a FatalError: the process is to be replaced.',
    isStalled: 'The call ran during the whole look, and used next to no CPU.',
    isAboveKillLimit: 'It takes more memory than `memory.killBytes`.',
    isAboveReplaceLimit: 'It takes more memory than `memory.replaceBytes`.',
    isRecoverableAnswer: 'The answer is a failure that another attempt may mend.',
    isRecoverableTooMany: 'It is such a failure, and the last of as many in a row as `replaceAfterFailures` allows.',
    isFailureTooMany: 'It is a failure, and the last of as many in a row as `replaceAfterFailures` allows.',
    isCountedFailure: 'It is a failure, and failures in a row are counted.',
    endsFailures: 'It is a result of `execute`, and failures came before it.',
    missedTwiceAtRest: 'It is the second ping in a row that went unanswered while it was at rest.',
  },
  delays: {
    helloDeadline: delay('from the spawn to its hello', 'helloMs'),
    confirmDeadline: delay('from the spawn to the answer that confirms it is ready', 'confirmMs'),
    shutdownDeadline: delay('from the shutdown frame to SIGTERM', 'shutdownMs'),
    terminateDeadline: delay('from SIGTERM to SIGKILL', 'terminateMs'),
    reapDeadline: delay('from SIGKILL to the moment it is written off', 'reapMs'),
  },
  effects: {
    runOsProcess: 'The process itself with its pipes: takes commands, reports what comes out, ends with `os.exited`.',
    heartbeat: 'The heartbeat machine, from the handshake on.',
  },
};

export const HEARTBEAT_WORDS: Vocabulary<'heartbeat'> = {
  events: { 'pong.received': { says: 'a ping was answered', told: () => 'its process answered' } },
  inner: {
    'xstate.after.pingInterval.heartbeat.Resting': () => 'it was time for the next ping',
    'xstate.after.pongGrace.heartbeat.Awaiting': () => 'no answer had come in time',
    'xstate.after.pongGrace.heartbeat.Missing': () => 'again no answer had come in time',
  },
  delays: {
    // An answered ping changes nothing; only an unanswered one counts.
    pingInterval: delay('from an answered ping to the next one', 'pingIntervalMs'),
    pongGrace: { says: 'from a ping to its pong', option: 'timings.pongGraceMs' },
  },
};
