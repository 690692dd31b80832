import type { TraceRecord, TraceRunGap } from '../trace/index.js';

/** Missing records that hide what led to where an actor is, or what became of it. */
export interface HidingGap extends Pick<TraceRunGap, 'beforeSeq' | 'missing' | 'since' | 'reason'> {
  readonly hides: 'cause' | 'present';
}

/** @param gap a record with the event GAP */
export function hidingGap({ seq, data }: TraceRecord, hides: HidingGap['hides']): HidingGap {
  const { missing, since, reason } = data as Record<'missing' | 'since' | 'reason', unknown>;
  const { message } = reason as { readonly message: string };
  return { beforeSeq: seq + 1, missing: Number(missing), since: String(since), reason: message, hides };
}
