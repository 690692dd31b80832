import type { Rule } from './rule.js';
import { deliveredTo, lives } from './rule.js';

/** Signs of life count, and so does what they say of a call under way. */
export const progressIsSeen: Rule = (system, judge) => {
  const heartbeats = deliveredTo(system, 'heartbeat');
  for (const { actor, event, before, after } of deliveredTo(system, 'process')) {
    if (before === null) continue;
    const leads = (to: string) =>
      judge(after.state === to, () => `${actor}, ${before.state}, is ${after.state} after ${event.type}`);
    const runs = /^(Running|Executing)/.test(before.state);
    if (event.type === 'pong.received' && runs)
      judge(
        heartbeats.some(
          (heard) =>
            heard.actor === `${actor}/heartbeat` && heard.after.state === 'Resting' && heard.after.context.misses === 0,
        ),
        () => `the heartbeat of ${actor} does not hear of a pong`,
      );
    if (event.type === 'heartbeat.recovered' && before.state === 'Running')
      judge(after.context.restingMisses === 0, () => `${actor} answers and is blamed for what it missed`);
    if (event.type === 'heartbeat.missed' && /^Executing(\.(Stalled|Unresponsive))?$/.test(before.state))
      leads('Executing.Unresponsive');
    if (event.type === 'heartbeat.recovered' && before.state === 'Executing.Unresponsive') leads('Executing');
    if (event.type === 'heartbeat.recovered' && /^Executing\.(Stalled|Outgrown)$/.test(before.state))
      leads(before.state);
    if (event.type === 'call.dispatched' && before.state === 'Running')
      judge(
        after.context.restingMisses === 0 && after.context.callId === event['callId'],
        () => `${actor} begins a call with what was before`,
      );
    const isOwn = event['callId'] === before.context.callId && before.state.startsWith('Executing');
    if ((event.type === 'call.overdue' || event.type === 'call.answered') && isOwn)
      judge(!after.state.startsWith('Executing'), () => `${actor} makes nothing of ${event.type}`);
    if (event.type === 'resources.sampled') judgeSample(before.state, before.context.memory, event, leads);
    if (event.type === 'process.ready' || (after.state === 'Running' && before.state === 'Confirming'))
      judge(
        lives(system, `${actor}/heartbeat`) || !lives(system, actor),
        () => `${actor} is ready without a heartbeat`,
      );
  }
  for (const { actor, event, before, after } of heartbeats) {
    if (before === null || !event.type.startsWith('xstate.after.pongGrace')) continue;
    judge(after.context.misses === before.context.misses + 1, () => `${actor} does not count what is missed`);
    const owner = actor.replace(/\/heartbeat$/, '');
    judge(
      deliveredTo(system, 'process').some((heard) => heard.actor === owner && heard.event.type === 'heartbeat.missed'),
      () => `${owner} does not hear of a missed heartbeat`,
    );
  }
};

const STALLED_BELOW = 1;

/** What a look at a process leads to, by the limits it was given. */
function judgeSample(
  from: string,
  { killBytes, replaceBytes }: { readonly killBytes: number | null; readonly replaceBytes: number | null },
  event: Readonly<Record<string, unknown>>,
  leads: (to: string) => void,
): void {
  const bytes = event['residentBytes'] as number;
  const above = (limit: number | null): boolean => limit !== null && bytes > limit;
  if (!/^(Running|Executing)/.test(from)) return;
  if (above(killBytes)) return leads('Killing');
  if (from === 'Running') return leads(above(replaceBytes) ? 'Stopping' : 'Running');
  if (from === 'Executing.Unresponsive' || from === 'Executing.Outgrown') return leads(from);
  const isIdle = (event['cpuPercent'] as number) < STALLED_BELOW && event['callId'] !== 0;
  if (from === 'Executing.Stalled') return leads(isIdle ? 'Executing.Stalled' : 'Executing');
  if (above(replaceBytes)) return leads('Executing.Outgrown');
  return leads(isIdle ? 'Executing.Stalled' : 'Executing');
}
