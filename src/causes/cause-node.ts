import type { TraceRecord } from '../trace/index.js';

/** How one record led to another. */
export type CauseKind =
  /** Its actor sent the event. */
  | 'sent'
  /** Its actor started this one. */
  | 'started'
  /** A delay that began there has passed. */
  | 'delayed'
  /** An effect that was begun there has answered. */
  | 'answered'
  /** It happened while that call ran. */
  | 'during'
  /** It had brought the actor to where this event found it. */
  | 'before';

export interface Cause {
  readonly kind: CauseKind;
  readonly node: CauseNode;
}

/** A record with what led to it. */
export interface CauseNode {
  readonly record: TraceRecord;
  /** Why the event came; null: from outside. */
  cause: Cause | null;
  /** How the actor got on the way it was on; null where it was at rest before, or began. */
  readonly way: CauseNode | null;
  /** Records behind it, at most. */
  readonly depth: number;
  /** There was more behind it than is kept. */
  readonly isCut: boolean;
}

/** Longer chains are cut: nobody reads them, and memory has to stay bounded. */
export const DEPTH_MAX = 100;

export function nodeOf(record: TraceRecord, cause: Cause | null, way: CauseNode | null): CauseNode {
  const depth = Math.max(cause?.node.depth ?? 0, way?.depth ?? 0) + 1;
  const isCut = depth > DEPTH_MAX;
  return isCut ? { record, cause: null, way: null, depth: 0, isCut } : { record, cause, way, depth, isCut };
}
