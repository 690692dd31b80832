import type { AnyEventObject } from 'xstate';
import { PARENT } from './own-scope.js';
import type { RawAction } from './own-scope.js';

/** What a step asks for, as plain data. */
export type Act =
  | { readonly act: 'send'; readonly child: string; readonly event: AnyEventObject }
  | { readonly act: 'report'; readonly event: AnyEventObject }
  | { readonly act: 'emit'; readonly event: AnyEventObject }
  | { readonly act: 'arm'; readonly timer: string; readonly delayMs: number; readonly event: AnyEventObject }
  | { readonly act: 'cancel'; readonly timer: string }
  | { readonly act: 'spawn'; readonly child: string; readonly src: string; readonly input: unknown }
  | { readonly act: 'stop'; readonly child: string };

interface SendParams {
  readonly to: { readonly id: string };
  readonly event: AnyEventObject;
  readonly delay?: number;
}
interface RaiseParams {
  readonly id: string;
  readonly event: AnyEventObject;
  readonly delay?: number;
}
interface SpawnParams {
  readonly actorRef: { readonly id: string };
  readonly src: string;
  readonly input: unknown;
}

/**
 * Reads one of XState's resolved actions.
 *
 * @throws when the action is not plain data: a machine that runs code of its own cannot be explored or replayed
 */
export function actsOf({ type, params }: RawAction): readonly Act[] {
  switch (type) {
    case 'xstate.sendTo': {
      const { to, event, delay } = params as unknown as SendParams;
      if (delay !== undefined) throw new Error(`"${event.type}" is sent with a delay; raise it with one instead`);
      return [to === PARENT ? { act: 'report', event } : { act: 'send', child: to.id, event }];
    }
    case 'xstate.raise': {
      const { id, event, delay } = params as unknown as RaiseParams;
      return delay === undefined ? [] : [{ act: 'arm', timer: id, delayMs: delay, event }];
    }
    case 'xstate.cancel':
      return [{ act: 'cancel', timer: (params as unknown as { sendId: string }).sendId }];
    case 'xstate.spawnChild': {
      const { actorRef, src, input } = params as unknown as SpawnParams;
      return [{ act: 'spawn', child: actorRef.id, src, input }];
    }
    case 'xstate.stopChild':
      return params === undefined ? [] : [{ act: 'stop', child: (params as unknown as { id: string }).id }];
    case 'xstate.emit':
      return [{ act: 'emit', event: (params as unknown as { event: AnyEventObject }).event }];
    default:
      throw new Error(`the action "${type}" is unknown, or runs code that is no plain data`);
  }
}
