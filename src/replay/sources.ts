import type { AnyEventObject } from 'xstate';

/**
 * Who may send what to whom: events that only another actor sends, by machine. Everything else comes from outside, from
 * a face, an effect or an operating-system process, and may come at any moment its receiver is not busy.
 */
const FROM_ACTORS: Readonly<Record<string, ReadonlySet<string>>> = {
  runner: new Set([
    ...['package.reported', 'package.gone', 'package.lost'],
    ...['route.reported', 'route.prepared', 'rollback.wanted'],
    ...['route.asked', 'release.wanted', 'changeover.reported'],
  ]),
  package: new Set([
    ...['process.ready', 'process.leaving', 'process.ended', 'call.settled', 'call.failed'],
    ...['package.stop', 'package.uninstall', 'package.hurry'],
  ]),
  process: new Set([
    ...['call.dispatched', 'process.stop', 'process.kill'],
    ...['heartbeat.due', 'heartbeat.missed', 'heartbeat.recovered'],
  ]),
  heartbeat: new Set(['pong.received']),
  route: new Set(['route.prepare', 'route.commit', 'route.abort', 'release.changed', 'release.lost']),
  changeover: new Set(['route.prepared', 'release.changed', 'changeover.cancel']),
};

/** Events that a machine raises for itself after a delay. */
const FROM_TIMERS: Readonly<Record<string, ReadonlySet<string>>> = {
  package: new Set(['slot.restarted', 'call.waited']),
};

/** Whether only a timer of its own can have sent it. */
export const isFromTimer = (machine: string, type: string): boolean =>
  type.startsWith('xstate.after.') || (FROM_TIMERS[machine]?.has(type) ?? false);

/** What a process has to say takes its time; only that it could not be started, or written to, may be known at once. */
const NEVER_AT_ONCE: ReadonlySet<string> = new Set([
  ...['hello.received', 'info.received', 'pong.received', 'call.answered', 'call.overdue'],
  ...['shutdown.acknowledged', 'start.refused', 'resources.sampled'],
]);

/** Whether everything its cause had set off was done before it came. */
export const isNeverAtOnce = (type: string): boolean => NEVER_AT_ONCE.has(type);

/** Whether only another actor can have sent it. */
export function isFromActor(machine: string, event: AnyEventObject): boolean {
  // The Runner's own wish that a release runs belongs to no operation.
  if (machine === 'package' && event.type === 'package.start') return event['operationId'] === 0;
  return event.type === 'xstate.stop' || (FROM_ACTORS[machine]?.has(event.type) ?? false);
}
