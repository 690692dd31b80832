import { sendersOf } from '../../machines/index.js';

/** Who sends an event, in words for people. */
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

/** If several may send it, the first: who is furthest from the machines. @param machine id of the receiving machine */
export function sourceOf(machine: string, event: string): EventSource {
  const sender = sendersOf(machine, event)[0] ?? null;
  switch (sender) {
    case 'itself':
      return 'a timer';
    case 'effect':
      return 'an effect';
    case 'library':
      return /^(call|flow|flows)\./.test(event) ? 'a caller' : 'an operator';
    case 'os':
      return 'the operating system';
    case 'runner':
      return 'the Runner';
    case 'process':
      return 'its process';
    case 'heartbeat':
      return 'its heartbeat';
    case 'package':
      return machine === 'process' ? 'its package' : 'another actor';
    case 'route':
    case 'changeover':
    case null:
      return 'another actor';
  }
}
