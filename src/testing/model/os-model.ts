import { fault } from '../../../machines/index.js';
import type { OsCommand, OsEvent } from '../../../machines/index.js';

/**
 * What is true of an operating-system process, as far as its Runner can observe it: enough to say which events could
 * really arrive next. It is deliberately cleverer than the machines: it knows what it was asked, they must not rely on it.
 */
export interface OsFacts {
  readonly alive: boolean;
  readonly spawned: boolean;
  readonly saidHello: boolean;
  readonly announcesInfo: boolean;
  /** The Runner's hello arrived: business may begin once readiness is confirmed. */
  readonly greeted: boolean;
  readonly confirmed: boolean;
  readonly infosOut: number;
  readonly pingsOut: number;
  readonly callId: number | null;
  readonly streamBroken: boolean;
  readonly shutdownAsked: boolean;
  readonly acknowledged: boolean;
  readonly signalled: 'SIGTERM' | 'SIGKILL' | null;
  /** Written off: the effect answers the exit that the kernel withholds. */
  readonly abandoned: boolean;
}

export const BORN: OsFacts = {
  alive: true,
  spawned: false,
  saidHello: false,
  announcesInfo: false,
  greeted: false,
  confirmed: false,
  infosOut: 0,
  pingsOut: 0,
  callId: null,
  streamBroken: false,
  shutdownAsked: false,
  acknowledged: false,
  signalled: null,
  abandoned: false,
};

export function commanded(facts: OsFacts, command: OsCommand): OsFacts {
  switch (command.type) {
    case 'hello.send':
      return { ...facts, greeted: true };
    case 'info.send':
      return { ...facts, infosOut: facts.infosOut + 1 };
    case 'ping.send':
      return { ...facts, pingsOut: facts.pingsOut + 1 };
    case 'call.send':
      return { ...facts, callId: command.callId };
    case 'shutdown.send':
      return { ...facts, shutdownAsked: true };
    case 'group.signal':
      return { ...facts, signalled: command.signal };
    case 'group.abandon':
      return { ...facts, abandoned: true };
  }
}

export function reported(facts: OsFacts, event: OsEvent): OsFacts {
  switch (event.type) {
    case 'os.spawned':
      return { ...facts, spawned: true };
    case 'hello.received':
      return { ...facts, saidHello: true, announcesInfo: event.announcesInfo };
    case 'info.received':
      return { ...facts, infosOut: facts.infosOut - 1, confirmed: true };
    case 'pong.received':
      return { ...facts, pingsOut: Math.max(0, facts.pingsOut - 1), confirmed: true };
    case 'call.answered':
    case 'call.overdue':
      return { ...facts, callId: null };
    case 'stream.faulted':
      return { ...facts, streamBroken: true };
    case 'shutdown.acknowledged':
      return { ...facts, acknowledged: true };
    case 'os.exited':
      return { ...facts, alive: false, callId: null };
    case 'reply.dropped':
    case 'resources.sampled':
    case 'start.refused':
      return facts;
  }
}

const exited = (nowMs: number, jitter: number): OsEvent => ({
  type: 'os.exited',
  fault: fault('process_lost', 'The process ended with code 1.'),
  atMs: nowMs,
  jitter,
});

/** What a process that behaves would report next. */
export function wellBehaved(facts: OsFacts, nowMs: number): readonly OsEvent[] {
  const { alive, spawned, saidHello, greeted, infosOut, pingsOut, callId, streamBroken } = facts;
  if (!alive) return [];
  const leaves = facts.acknowledged || facts.signalled !== null || facts.abandoned || streamBroken;
  if (leaves) return [exited(nowMs, 0)];
  if (!spawned) return [{ type: 'os.spawned', osPid: 4711, isolation: 'group' }];
  if (facts.shutdownAsked) return [{ type: 'shutdown.acknowledged' }];
  if (!saidHello)
    return [true, false].map((announcesInfo) => ({
      type: 'hello.received',
      protocol: 1,
      announcesInfo,
      sdkVersion: '1.0.0',
    }));
  const events: OsEvent[] = [];
  if (greeted && infosOut > 0) events.push({ type: 'info.received', mismatches: [] });
  if (pingsOut > 0) events.push({ type: 'pong.received' });
  if (callId !== null)
    events.push(
      { type: 'call.answered', callId, outcome: 'result' },
      { type: 'call.answered', callId, outcome: 'error' },
      { type: 'call.answered', callId, outcome: 'result', prepared: true },
    );
  return events;
}

/** What a process that crashes, lies, hangs or speaks nonsense could report next. */
export function illBehaved(facts: OsFacts, nowMs: number): readonly OsEvent[] {
  const { alive, spawned, saidHello, confirmed, infosOut, callId, streamBroken } = facts;
  if (!alive) return [];
  const events: OsEvent[] = [exited(nowMs, 0), exited(nowMs, 0.5)];
  if (!spawned || streamBroken) return events;
  const garbage: OsEvent = { type: 'stream.faulted', fault: fault('protocol_fault', 'Not a frame: "Hell".') };
  // At rest nothing else would go wrong but an exit, so this is offered more often.
  events.push(...(confirmed && callId === null ? [garbage, garbage, garbage] : [garbage]));
  if (!saidHello) events.push({ type: 'hello.received', protocol: 99, announcesInfo: true, sdkVersion: null });
  if (!confirmed) events.push({ type: 'start.refused', fault: fault('algorithm_error', 'setup() raised.') });
  if (infosOut > 0) events.push({ type: 'info.received', mismatches: ['version'] });
  if (saidHello) events.push({ type: 'pong.received' });
  events.push({ type: 'reply.dropped', requestId: 'x', reason: 'unknown' });
  if (callId !== null)
    events.push(
      { type: 'call.answered', callId, outcome: 'error', fatal: true },
      { type: 'call.answered', callId, outcome: 'error', recoverable: true },
      { type: 'call.answered', callId, outcome: 'error', failed: true },
    );
  if (facts.shutdownAsked && !facts.acknowledged) events.push({ type: 'shutdown.acknowledged' });
  return events;
}

/** Limits that SAMPLES lie around. */
export const MEMORY_LIMITS = { replaceBytes: 200, killBytes: 300 } as const;
const SAMPLES = [
  { cpuPercent: 90, residentBytes: 100 },
  { cpuPercent: 0, residentBytes: 100 },
  { cpuPercent: 50, residentBytes: 250 },
  { cpuPercent: 50, residentBytes: 350 },
] as const;

/** What a look at its CPU and memory could show. */
export const sampled = ({ alive, confirmed, callId }: OsFacts): readonly OsEvent[] =>
  alive && confirmed ? SAMPLES.map((sample) => ({ type: 'resources.sampled', ...sample, callId: callId ?? 0 })) : [];
