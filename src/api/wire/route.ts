import { z } from 'zod';
import type { RouteView } from '../../runner/status/listing.js';
import { fault, time } from './common.js';

export const routeWire = z.strictObject({
  pid: z.string(),
  /** Null: its file cannot be understood. */
  release: z.string().nullable(),
  activated_at: time.nullable(),
  /** What a rollback returns to. */
  previous: z.string().nullable(),
  on_probation: z.boolean(),
  fault: fault.nullable(),
});
export type RouteWire = z.infer<typeof routeWire>;

export const wireRoute = ({ pid, release, activatedAt, previous, onProbation, fault: why }: RouteView): RouteWire => ({
  pid,
  release,
  activated_at: activatedAt,
  previous,
  on_probation: onProbation,
  fault: why,
});
