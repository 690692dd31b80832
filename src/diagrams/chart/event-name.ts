/** How a transition comes about. */
export type EventKind = 'event' | 'after' | 'done' | 'failed' | 'always';

export interface EventName {
  readonly kind: EventKind;
  /** Of the event, the delay or the effect; empty for `always`. */
  readonly name: string;
}

/** XState's own event types as what they mean. */
export function readEventType(type: string): EventName {
  if (type === '') return { kind: 'always', name: '' };
  const [, how, effect] = /^xstate\.(done|error)\.actor\.(?:\d+\.)?([^*]+)$/.exec(type) ?? [];
  if (effect !== undefined) return { kind: how === 'done' ? 'done' : 'failed', name: effect };
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(type) ?? [];
  if (delay !== undefined) return { kind: 'after', name: delay };
  if (type === 'xstate.error.actor.*') return { kind: 'failed', name: 'any actor' };
  return { kind: 'event', name: type };
}

/** As a reader would say it: `after drainDeadline`, `recordRest failed`, `at once`. */
export function sayEvent({ kind, name }: EventName): string {
  switch (kind) {
    case 'event':
      return name;
    case 'after':
      return /^\d+$/.test(name) ? `after ${name} ms` : `after ${name}`;
    case 'done':
      return `${name} done`;
    case 'failed':
      return `${name} failed`;
    case 'always':
      return 'at once';
  }
}
