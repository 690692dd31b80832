import { sendersOf } from '../../machines/index.js';

/** Whether only the machine itself can have sent it, after a delay. */
export const isFromTimer = (machine: string, type: string): boolean => sendersOf(machine, type).includes('itself');

/** Reports of a process take time; only a failed start or write may be known at once. */
const NEVER_AT_ONCE: ReadonlySet<string> = new Set([
  ...['hello.received', 'info.received', 'pong.received', 'call.answered', 'call.overdue'],
  ...['shutdown.acknowledged', 'start.refused', 'resources.sampled'],
]);

/** Whether everything its cause had set off was done before it came. */
export const isNeverAtOnce = (type: string): boolean => NEVER_AT_ONCE.has(type);
