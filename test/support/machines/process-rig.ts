import { expect } from 'vitest';
import { NO_MEMORY_LIMITS, fault, processMachine } from '../../../machines/index.js';
import type { MemoryLimits, OsEvent, ProcessInput, Timings } from '../../../machines/index.js';
import { Rig } from './rig.js';
import { FACTS, KEY, PROTOCOLS, policyOf } from './samples.js';

/** One process, alone: what it reports goes to `reports`, what it asks of the operating system to `commands`. */
export const aProcess = (
  timings: Partial<Timings> = {},
  memory: Partial<MemoryLimits> = {},
  failuresMax?: number,
): Rig => {
  const input: ProcessInput = {
    ...{ key: KEY, slot: 0, launch: FACTS.launch, protocols: PROTOCOLS },
    timings: policyOf({ timings }).timings,
    memory: { ...NO_MEMORY_LIMITS, ...memory },
    ...(failuresMax === undefined ? {} : { failuresMax }),
  };
  return new Rig(processMachine, input);
};

export const HELLO = { type: 'hello.received', protocol: 1, announcesInfo: true, sdkVersion: '1.0.0' } as const;
export const PONG = { type: 'pong.received' } as const;
export const GARBAGE: OsEvent = { type: 'stream.faulted', fault: fault('protocol_fault', 'Not a frame: "Hell".') };
export const EXITED: OsEvent = { type: 'os.exited', fault: fault('process_lost', 'Code 1.'), atMs: 70, jitter: 0.5 };

export const dispatched = (callId: number) => ({ type: 'call.dispatched', callId }) as const;
export const answered = (callId: number): OsEvent => ({ type: 'call.answered', callId, outcome: 'result' });
export const leave = { type: 'process.stop' } as const;

export const kill = { type: 'process.kill' } as const;
/** What a look at it showed; the call it ran all the while, 0 for none. */
export const sample = (cpuPercent: number, residentBytes = 0, callId = 1): OsEvent => ({
  type: 'resources.sampled',
  ...{ cpuPercent, residentBytes, callId },
});

/** Ready for a call. */
export const ready = (...given: Parameters<typeof aProcess>): Rig => aProcess(...given).getsReady();
/** With call 1 in flight. */
export const executing = (...given: Parameters<typeof aProcess>): Rig => ready(...given).send(dispatched(1));

/** What was asked of the operating system: signals by their name, frames by theirs. */
export const asked = (rig: Rig): readonly string[] =>
  rig.commands.map((command) => ('signal' in command ? command.signal : command.type));
export const lastReport = (rig: Rig) => rig.reports.at(-1);
/** A regular expression alone would match anything in an object. */
export const matching = (text: RegExp): string => expect.stringMatching(text) as string;
