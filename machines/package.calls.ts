import { fault } from './fault.js';
import type { Fault } from './fault.js';
import type { AcceptedCall, PackageContext, PackageEmitted, PackageEvent } from './package.events.js';
import { settingHint } from './setting-hint.js';

/** What becomes of single calls (contract §6): pure functions the package machine's guards and actions are made of. */

/** The timer of a call that waits. */
export const waitId = (callId: number): string => `wait.${callId}`;

/** A failure that another attempt may mend, of a call that may have one and whose session is not lost with it. */
export function mayRetry(
  { slots: table }: PackageContext,
  event: PackageEvent,
): event is Extract<PackageEvent, { type: 'call.failed' }> {
  if (event.type !== 'call.failed') return false;
  const slot = table[event.slot];
  if (slot?.call === undefined || slot.call === null || slot.abandoned) return false;
  return slot.call.retries > 0 && (slot.call.home === null || event.leaving !== true);
}

export const accepted = (
  { policy }: PackageContext,
  { callId, pid, retries, home }: Extract<PackageEvent, { type: 'call.requested' }>,
): AcceptedCall => ({ callId, pid, retries: retries ?? policy.retries, home: home ?? null });

export const waited = (callId: number): PackageEvent => ({ type: 'call.waited', callId });

const cancelledByCaller = fault('call_cancelled', 'The caller cancelled the call.');
export const homeGone = ({ key }: PackageContext): Fault =>
  fault(
    'flow_ended',
    `The process of ${key} that kept the session is gone, and its algorithm does not hand sessions over.`,
  );

export function givenUp(
  { key, policy }: PackageContext,
  { type, callId }: Extract<PackageEvent, { type: 'call.cancelled' | 'call.expired' | 'call.waited' }>,
): PackageEmitted {
  switch (type) {
    case 'call.cancelled':
      return { type: 'call.settled', callId, outcome: 'cancelled', fault: cancelledByCaller };
    case 'call.expired':
      return {
        type: 'call.settled',
        callId,
        outcome: 'timed_out',
        fault: fault('timeout', `The call's total deadline passed before ${key} answered it.`),
      };
    case 'call.waited':
      return {
        type: 'call.settled',
        callId,
        outcome: 'timed_out',
        fault: fault('timeout', `The call waited ${policy.timings.waitMs} ms for a process of ${key}; none was free.`, {
          hint: settingHint(
            'Call less often, run more processes or let calls wait longer',
            'instances',
            'timings.waitMs',
          ),
        }),
      };
  }
}

/** Calls that cannot be served at once: they wait, within the limit, until their caller or time gives them up. */
export const WAITING = {
  'call.requested': [
    { guard: 'homeIsGone', actions: 'refuseHomeGone' },
    { guard: 'queueIsFull', actions: 'refuseFullQueue' },
    { actions: 'queueCall' },
  ],
  'call.cancelled': { guard: 'callWaits', actions: 'giveUpWaiting' },
  'call.expired': { guard: 'callWaits', actions: 'giveUpWaiting' },
  'call.waited': { guard: 'callWaits', actions: 'giveUpWaiting' },
} as const;
