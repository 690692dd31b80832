import { isDeepStrictEqual } from 'node:util';
import type { Scene } from '../scene.js';
import type { Rule } from './rule.js';
import { askedBy, deliveredTo } from './rule.js';

/** What an operating-system process is asked on the way into a state. */
const ASKED: Readonly<Record<string, string>> = {
  Stopping: 'shutdown.send',
  Terminating: 'SIGTERM',
  Killing: 'SIGKILL',
  Executing: 'call.send',
};

/** States are entered with the words and signals they stand for; hello, info and pings are answered and sent in time. */
export const processesAreAsked: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'process')) {
    const asked = askedBy(system, actor).map((command) => ('signal' in command ? command.signal : command.type));
    const wanted = (what: string) =>
      judge(asked.includes(what as never), () => `${actor} did not ask for ${what} on ${event.type}`);
    if (before === null) continue;
    const entered = after.state !== before.state;
    const command = ASKED[after.state];
    if (entered && command !== undefined && (after.state !== 'Executing' || before.state === 'Running'))
      wanted(command);
    if (event.type === 'hello.received' && after.state === 'Confirming') {
      wanted('hello.send');
      wanted(event['announcesInfo'] === true ? 'info.send' : 'ping.send');
    }
    if (event.type === 'heartbeat.due' && /^(Running|Executing)/.test(before.state)) wanted('ping.send');
    if (event.type.startsWith('xstate.after.reapDeadline')) wanted('group.abandon');
  }
};

/** Where each cause leads from a state in which it serves or starts. */
const LEADS: Readonly<Record<string, string>> = {
  'process.stop': 'Stopping',
  'process.kill': 'Killing',
  'stream.faulted': 'Killing',
  'os.exited': 'Stopped',
  'start.refused': 'Stopping',
};

/** A process is asked to leave before it is made to, and made to by the group; only its end is its end. */
export const endsAreInOrder: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'process')) {
    if (before === null) continue;
    const said = () => `${actor}, ${before.state}, is ${after.state} after ${event.type}`;
    const led = LEADS[event.type];
    const serves = /^(Starting|Confirming|Running|Executing)/.test(before.state);
    const canRefuse = /^(Starting|Confirming)$/.test(before.state);
    if (led !== undefined && serves && (event.type !== 'start.refused' || canRefuse)) judge(after.state === led, said);
    if (after.state === 'Terminating' && before.state !== 'Terminating') judge(before.state === 'Stopping', said);
    if (after.state === 'Stopped' && before.state !== 'Stopped') judge(event.type === 'os.exited', said);
    if (before.state === 'Stopped') judge(after.state === 'Stopped', said);
    if (/^(Stopping|Terminating)$/.test(before.state) && event.type === 'process.kill')
      judge(after.state === 'Killing', said);
    if (/^(Stopping|Terminating)$/.test(before.state) && event.type === 'stream.faulted')
      judge(after.state === 'Killing', said);
    if (before.state === 'Killing') judge(/^(Killing|Stopped)$/.test(after.state), said);
    if (event.type === 'hello.received' && before.state === 'Starting') {
      const { protocol } = event as unknown as { protocol: number | null };
      const isForeign = protocol !== null && !before.context.protocols.includes(protocol);
      judge(after.state === (isForeign ? 'Stopping' : 'Confirming'), said);
      if (!isForeign) judge(after.context.confirmedByInfo === event['announcesInfo'], said);
    }
    if (event.type === 'info.received' && before.state === 'Confirming')
      judge(after.state === ((event['mismatches'] as readonly string[]).length === 0 ? 'Running' : 'Stopping'), said);
    if (event.type === 'pong.received' && before.state === 'Confirming')
      judge(after.state === (before.context.confirmedByInfo ? 'Confirming' : 'Running'), said);
    if (before.state === 'Confirming' && after.state === 'Running')
      judge(isHeardBy(system, actor, 'process.ready'), () => `nobody hears that ${actor} is ready`);
  }
};

const isHeardBy = (system: Scene, process: string, type: string): boolean => {
  const owner = process.slice(0, process.lastIndexOf('/process/'));
  return deliveredTo(system, 'package').some((heard) => heard.actor === owner && heard.event.type === type);
};

/** However an attempt ends, its release hears of it once, as what it was, and whether the process goes with it. */
export const attemptsEndOnce: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'process')) {
    if (before === null || !before.state.startsWith('Executing') || after.state.startsWith('Executing')) continue;
    const owner = actor.slice(0, actor.lastIndexOf('/process/'));
    const { callId, slot } = before.context;
    const heard = deliveredTo(system, 'package').filter(
      (one) =>
        one.actor === owner &&
        (one.event.type === 'call.settled' || one.event.type === 'call.failed') &&
        one.event['slot'] === slot &&
        one.event['callId'] === callId,
    );
    const [told] = heard;
    judge(heard.length === 1, () => `${owner} hears ${heard.length} times that call ${callId} has ended`);
    if (told === undefined) continue;
    const { type, outcome } = attemptEnd(event);
    const said = () =>
      `${owner} hears of call ${callId} after ${event.type}: ${told.event.type} ${String(told.event['outcome'])}`;
    judge(told.event.type === type && told.event['outcome'] === outcome, said);
    judge((told.event['leaving'] === true) === (after.state !== 'Running'), said);
    if (event.type === 'call.answered') {
      const stays = before.state !== 'Executing.Outgrown' && !endsProcess(event, before.context);
      judge(after.state === (stays ? 'Running' : 'Stopping'), said);
      judge(event['callId'] === callId, said);
      const failed = event['failed'] === true || event['recoverable'] === true;
      const counted = failed && before.context.failuresMax !== undefined ? before.context.failures + 1 : 0;
      const isCounted =
        !stays ||
        after.context.failures ===
          (failed || (event['outcome'] === 'result' && event['prepared'] !== true) ? counted : before.context.failures);
      judge(isCounted, () => `${actor} has counted ${after.context.failures} failures`);
    }
    if (event.type === 'call.overdue') judge(after.state === 'Killing' && event['callId'] === callId, said);
  }
};

/** FatalError, or the last of as many failures in a row as its policy puts up with. */
function endsProcess(
  event: Readonly<Record<string, unknown>>,
  { failures, failuresMax = Infinity }: { readonly failures: number; readonly failuresMax?: number },
): boolean {
  const failed = event['failed'] === true || event['recoverable'] === true;
  return event['fatal'] === true || (failed && failures + 1 >= failuresMax);
}

function attemptEnd(event: Readonly<Record<string, unknown>>): { readonly type: string; readonly outcome: unknown } {
  switch (event['type']) {
    case 'call.answered': {
      const mayMend = event['recoverable'] === true && event['fatal'] !== true;
      return { type: mayMend ? 'call.failed' : 'call.settled', outcome: event['outcome'] };
    }
    case 'call.overdue':
      return { type: 'call.failed', outcome: 'timed_out' };
    case 'process.stop':
    case 'process.kill':
      return { type: 'call.settled', outcome: 'cancelled' };
    default:
      return { type: 'call.failed', outcome: 'lost' };
  }
}

const LEAVES = /^(Stopping|Terminating|Killing|Stopped)$/;

/** The name of the fault each cause leaves; `null`: none; `undefined`: the one that came with the event. */
function reasonFor(type: string, from: string, isFatal: boolean): string | null | undefined {
  if (type.startsWith('xstate.after.helloDeadline') || type.startsWith('xstate.after.confirmDeadline'))
    return 'start_failed';
  switch (type) {
    case 'process.stop':
    case 'process.kill':
      return from === 'Executing.Outgrown' ? 'memory_exceeded' : null;
    case 'hello.received':
      return 'protocol_unsupported';
    case 'info.received':
      return 'info_mismatch';
    case 'heartbeat.missed':
      return 'timeout';
    case 'resources.sampled':
      return 'memory_exceeded';
    case 'call.answered':
      return isFatal && from !== 'Executing.Outgrown' ? 'process_lost' : 'memory_exceeded';
    case 'os.exited':
      if (/Starting|Confirming/.test(from)) return 'start_failed';
      return from === 'Executing.Outgrown' ? 'memory_exceeded' : undefined;
    default:
      return undefined;
  }
}

/** A process that leaves says why, by the cause; one that was asked to leave has no reason to tell. */
export const leavingHasAReason: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'process')) {
    if (before === null || !LEAVES.test(after.state)) continue;
    if (LEAVES.test(before.state)) {
      judge(before.context.fault?.name === after.context.fault?.name, () => `${actor} leaves for another reason now`);
      continue;
    }
    const came = (event['fault'] as { readonly name: string } | undefined)?.name ?? null;
    const reason = reasonFor(event.type, before.state, endsProcess(event, before.context));
    const name = reason === undefined ? came : reason;
    judge(
      (after.context.fault?.name ?? null) === name,
      () => `${actor} leaves on ${event.type} for ${after.context.fault?.name}, not ${name}`,
    );
  }
  for (const { actor, event, before, after } of deliveredTo(system, 'process')) {
    if (
      event.type === 'resources.sampled' &&
      before !== null &&
      after.state === 'Killing' &&
      before.state !== 'Killing'
    )
      judge(
        after.context.fault?.details?.['resident_bytes'] === event['residentBytes'],
        () => `${actor} is ended for a memory it does not name`,
      );
    if (event.type !== 'os.exited' || before === null) continue;
    judge(after.state === 'Stopped', () => `${actor} is ${after.state} although its process has ended`);
    judge(after.context.endedAtMs === event['atMs'], () => `${actor} does not know when its process ended`);
    const owner = actor.slice(0, actor.lastIndexOf('/process/'));
    const heard = deliveredTo(system, 'package').find(
      (one) => one.actor === owner && one.event.type === 'process.ended' && one.event['slot'] === after.context.slot,
    );
    judge(
      isDeepStrictEqual(heard?.event['fault'], after.context.fault),
      () => `${owner} does not hear why ${actor} ended`,
    );
  }
};
