import { DEFAULT_TIMINGS } from '../../../machines/index.js';
import type { DelayWords, EventWords, MachineWords } from './words.js';

const OS: Readonly<Record<string, EventWords>> = {
  'os.spawned': { from: 'the operating-system process', says: 'it exists; for the trace' },
  'reply.dropped': {
    from: 'the operating-system process',
    says: 'it answered what nobody asks any more; for the trace',
  },
  'hello.received': { from: 'the operating-system process', says: 'the algorithm says hello' },
  'info.received': { from: 'the operating-system process', says: 'the answer to info, held against the manifest' },
  'pong.received': { from: 'the operating-system process', says: 'the answer to a ping' },
  'call.answered': { from: 'the operating-system process', says: 'the algorithm has answered the call' },
  'call.overdue': { from: 'the clock of the call', says: 'the call had the time it may have' },
  'start.refused': { from: 'the operating-system process', says: 'the process says that it cannot start' },
  'stream.faulted': { from: 'the operating-system process', says: 'what it wrote breaks the protocol' },
  'shutdown.acknowledged': { from: 'the operating-system process', says: 'it is about to leave' },
  'resources.sampled': { from: 'the operating-system process', says: 'what it took of CPU and memory' },
  'os.exited': { from: 'the operating-system process', says: 'it is gone, or written off' },
};

const delay = (says: string, option: keyof typeof DEFAULT_TIMINGS): DelayWords => ({
  says,
  option: `timings.${option}`,
  presetMs: DEFAULT_TIMINGS[option],
});

export const PROCESS_WORDS: MachineWords = {
  events: {
    ...OS,
    'call.dispatched': { from: 'its package', says: 'a call to execute' },
    'process.stop': { from: 'its package', says: 'leave in good order' },
    'process.kill': { from: 'its package', says: 'leave at once' },
    'heartbeat.due': { from: 'its heartbeat', says: 'send a ping' },
    'heartbeat.missed': { from: 'its heartbeat', says: 'a ping went unanswered' },
    'heartbeat.recovered': { from: 'its heartbeat', says: 'it answers again' },
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

export const HEARTBEAT_WORDS: MachineWords = {
  events: { 'pong.received': { from: 'its process', says: 'a ping was answered' } },
  delays: {
    pingInterval: delay('from an answered ping to the next one', 'pingIntervalMs'),
    pongGrace: delay('from a ping to its pong', 'pongGraceMs'),
  },
};
