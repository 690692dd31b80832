import { z } from 'zod';
import type { HidingGap } from '../../causes/index.js';
import { time } from './common.js';

/** Missing records that hide what led to where an actor is, or what became of it. */
export const gapWire = z.strictObject({
  before_seq: z.int(),
  missing: z.int(),
  since: time,
  reason: z.string(),
  hides: z.enum(['cause', 'present']),
});
export type GapWire = z.infer<typeof gapWire>;

export const wireGap = ({ beforeSeq, missing, since, reason, hides }: HidingGap): GapWire => ({
  before_seq: beforeSeq,
  missing,
  since,
  reason,
  hides,
});
