import { DEFAULT_TIMINGS } from '../../../machines/index.js';
import { eventWords } from './event-words.js';
import type { DelayWords, MachineWords } from './words.js';

const delay = (says: string, option: keyof typeof DEFAULT_TIMINGS): DelayWords => ({
  says,
  option: `timings.${option}`,
  presetMs: DEFAULT_TIMINGS[option],
});

export const PROCESS_WORDS: MachineWords = {
  events: eventWords('process', {
    'os.spawned': 'it exists; for the trace',
    'reply.dropped': 'it answered what nobody asks any more; for the trace',
    'hello.received': 'the algorithm says hello',
    'info.received': 'the answer to info, held against the manifest',
    'pong.received': 'the answer to a ping',
    'call.answered': 'the algorithm has answered the call',
    'call.overdue': 'the call had the time it may have',
    'start.refused': 'the process says that it cannot start',
    'stream.faulted': 'what it wrote breaks the protocol',
    'shutdown.acknowledged': 'it is about to leave',
    'resources.sampled': 'what it took of CPU and memory',
    'os.exited': 'it is gone, or written off',
    'call.dispatched': 'a call to execute',
    'process.stop': 'leave in good order',
    'process.kill': 'leave at once',
    'heartbeat.due': 'send a ping',
    'heartbeat.missed': 'a ping went unanswered',
    'heartbeat.recovered': 'it answers again',
  }),
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
  events: eventWords('heartbeat', { 'pong.received': 'a ping was answered' }),
  delays: {
    pingInterval: delay('from an answered ping to the next one', 'pingIntervalMs'),
    pongGrace: delay('from a ping to its pong', 'pongGraceMs'),
  },
};
