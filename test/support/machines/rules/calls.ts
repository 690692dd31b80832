import { isDeepStrictEqual } from 'node:util';
import type { PackageContext } from '../../../../machines/index.js';
import type { Rule } from './rule.js';
import { deliveredTo, emittedBy } from './rule.js';

const TAKES_CALLS = /^(Running|Executing)$|Restarting|Requested|Starting/;

const isIdleFor = ({ slots }: PackageContext, home: number | undefined): boolean =>
  home === undefined ? slots.some(({ phase }) => phase === 'ready') : slots[home]?.phase === 'ready';
const isGone = ({ slots }: PackageContext, home: number | undefined): boolean =>
  home !== undefined && !/ready|executing/.test(slots[home]?.phase ?? '');

/** A call is taken where it can be served or may wait, and refused by the reason that it cannot. */
export const requestsAreTakenOrRefused: Rule = (system, judge) => {
  for (const { actor, event, before } of deliveredTo(system, 'package')) {
    if (event.type !== 'call.requested' || before === null) continue;
    const { callId, home } = event as unknown as { callId: number; home?: number };
    const { context, state } = before;
    const refusal = emittedBy(system, actor).find((said) => said.type === 'call.refused' && said['callId'] === callId);
    const name = (refusal?.['fault'] as { name: string } | undefined)?.name ?? null;
    const said = () => `${actor}, ${state}, answers call ${callId} (home ${home}) with ${name}`;
    if (!TAKES_CALLS.test(state)) judge(name !== null && name !== 'queue_full', said);
    else if (isGone(context, home)) judge(name === 'flow_ended', said);
    else if (isIdleFor(context, home) && /^(Running|Executing)$/.test(state)) judge(name === null, said);
    else if (state !== 'Running')
      judge(name === (context.queue.length >= context.policy.queueLimit ? 'queue_full' : null), said);
  }
};

const OUTCOMES: Readonly<Record<string, string>> = {
  'call.cancelled': 'cancelled',
  'call.expired': 'timed_out',
  'call.waited': 'timed_out',
};

/** Whoever gives a call up, or whose deadline passes, gets its outcome at once; what is not there is left alone. */
export const callsAreGivenUp: Rule = (system, judge) => {
  for (const { actor, event, before } of deliveredTo(system, 'package')) {
    const outcome = OUTCOMES[event.type];
    if (outcome === undefined || before === null) continue;
    const callId = event['callId'] as number;
    const { queue, slots } = before.context;
    const waits = queue.some((call) => call.callId === callId);
    const runs = slots.some(({ call, abandoned }) => call?.callId === callId && abandoned !== true);
    const said = emittedBy(system, actor).filter(
      ({ type, ...rest }) => type === 'call.settled' && rest['callId'] === callId,
    );
    const isOpen = waits || (runs && event.type !== 'call.waited');
    judge(
      said.length === (isOpen ? 1 : 0),
      () => `${actor}, ${before.state}: ${event.type} ${callId} has ${said.length} outcomes`,
    );
    if (isOpen)
      judge(
        said[0]?.['outcome'] === outcome,
        () => `${actor}: ${event.type} ${callId} ends as ${String(said[0]?.['outcome'])}`,
      );
  }
};

/** A session lives in one process: who waits for it is told at once when that process leaves. */
const sessionsEndWithTheirProcess: Rule = (system, judge) => {
  for (const { actor, event, before } of deliveredTo(system, 'package')) {
    if (before === null || !/^Executing/.test(before.state) || event['leaving'] !== true) continue;
    for (const { callId, home } of before.context.queue) {
      if (home === null || home !== event['slot']) continue;
      const said = emittedBy(system, actor).find((one) => one['callId'] === callId);
      const name = (said?.['fault'] as { name: string } | undefined)?.name;
      judge(
        said?.['outcome'] === 'lost' && name === 'flow_ended',
        () => `${actor}: session call ${callId} ends as ${name}`,
      );
    }
  }
};

/** What a process reports of a call is told in the same step: as its outcome, or as an attempt to be repeated. */
export const reportsAreTold: Rule = (system, judge) => {
  sessionsEndWithTheirProcess(system, judge);
  for (const { actor, event, before } of deliveredTo(system, 'package')) {
    if ((event.type !== 'call.settled' && event.type !== 'call.failed') || before === null) continue;
    const callId = event['callId'] as number;
    const slot = before.context.slots[event['slot'] as number];
    if (slot?.call?.callId !== callId) continue;
    const said = emittedBy(system, actor)
      .filter((one) => one['callId'] === callId)
      .map(({ type }) => type);
    const mayRetry =
      event.type === 'call.failed' &&
      slot.call.retries > 0 &&
      slot.abandoned !== true &&
      !/Stopping/.test(before.state);
    const first = slot.abandoned === true ? 'call.freed' : 'call.settled';
    judge(
      said[0] === first || (mayRetry && said[0] === 'call.retried'),
      () => `${actor}, ${before.state}: ${event.type} ${callId} is told as ${said.join()}`,
    );
    const others = before.context.slots.filter((_slot, i) => i !== event['slot']);
    const isAble = event['leaving'] !== true || others.some(({ phase }) => phase === 'ready' || phase === 'executing');
    const goesOn = before.state === 'Executing' || (before.state === 'Executing.Draining' && isAble);
    if (mayRetry && goesOn && (slot.call.home === null || event['leaving'] !== true))
      judge(said[0] === 'call.retried', () => `${actor}: call ${callId} has attempts left and is not tried again`);
    if (said[0] !== 'call.settled') continue;
    const told = emittedBy(system, actor).find((one) => one['callId'] === callId);
    judge(
      told?.['outcome'] === event['outcome'] && isDeepStrictEqual(told?.['fault'], event['fault']),
      () => `${actor}: call ${callId} is told as something else`,
    );
  }
};
