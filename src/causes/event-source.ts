/** Who sends an event. */
export type EventSource =
  | 'a timer'
  | 'an effect'
  | 'its process'
  | 'its heartbeat'
  | 'its package'
  | 'the Runner'
  | 'the operating system'
  | 'another actor'
  | 'an operator'
  | 'a caller';

/** What a machine tells itself later. */
const OF_TIMERS: readonly string[] = ['slot.restarted', 'call.waited'];
const OF_PROCESSES: readonly string[] = [
  'process.ready',
  'process.leaving',
  'process.ended',
  'call.settled',
  'call.failed',
  'call.returned',
];
const REPORTED_TO_RUNNER: readonly string[] = [
  ...['package.reported', 'package.gone', 'package.lost', 'route.reported', 'route.asked', 'route.prepared'],
  ...['rollback.wanted', 'changeover.reported', 'release.wanted'],
];
const FROM_PACKAGE: readonly string[] = ['call.dispatched', 'process.stop', 'process.kill'];

/** @param machine the id of the machine that gets it */
export function senderOf(machine: string, event: string): EventSource {
  if (event.startsWith('xstate.after.') || OF_TIMERS.includes(event)) return 'a timer';
  if (/^xstate\.(done|error)\.actor\./.test(event)) return 'an effect';
  if (/^(call|flow|flows)\./.test(event) && !OF_PROCESSES.includes(event) && machine !== 'process') return 'a caller';
  switch (machine) {
    case 'package':
      return OF_PROCESSES.includes(event) ? 'its process' : 'an operator';
    case 'process':
      if (FROM_PACKAGE.includes(event)) return 'its package';
      return event.startsWith('heartbeat.') ? 'its heartbeat' : 'the operating system';
    case 'heartbeat':
      return 'its process';
    case 'route':
      return event === 'route.confirm' ? 'an operator' : 'the Runner';
    case 'changeover':
      return event === 'changeover.cancel' ? 'an operator' : 'the Runner';
    case 'runner':
      return REPORTED_TO_RUNNER.includes(event) ? 'another actor' : 'an operator';
  }
  return 'another actor';
}
