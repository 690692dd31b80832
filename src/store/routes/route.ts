import { z } from 'zod';
import { firstIssue, parseJson } from '../text.js';

/** One release as a route names it. */
export interface RouteTarget {
  readonly name: string;
  readonly version: string;
}

/**
 * Which release serves a PID: `active/<pid>.json` (contract §9). Times are ISO 8601. Unknown keys are kept.
 *
 * @property previous the release to roll back to
 * @property probation set while the previous release is kept warm: how the release has to prove itself
 */
export interface Route extends RouteTarget {
  readonly activated_at: string;
  readonly previous?: RouteTarget & { readonly activated_at?: string };
  readonly probation?: {
    readonly started_at: string;
    readonly duration_ms?: number;
    readonly errors_max?: number;
    readonly calls_min?: number;
    readonly [key: string]: unknown;
  };
}

export const MAX_ROUTE_BYTES = 64 * 1024;

const time = z.iso.datetime({ offset: true });
const amount = z.number().nonnegative();
const target = { name: z.string().min(1), version: z.string().min(1) };

export const routeSchema: z.ZodType<Route> = z.looseObject({
  ...target,
  activated_at: time,
  previous: z.looseObject({ ...target, activated_at: time.exactOptional() }).exactOptional(),
  probation: z
    .looseObject({
      started_at: time,
      duration_ms: amount.exactOptional(),
      errors_max: amount.exactOptional(),
      calls_min: amount.exactOptional(),
    })
    .exactOptional(),
});

export type ReadRoute = { readonly ok: true; readonly route: Route } | { readonly ok: false; readonly reason: string };

export function readRoute(bytes: Uint8Array): ReadRoute {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const result = routeSchema.safeParse(parsed.value);
  return result.success ? { ok: true, route: result.data } : { ok: false, reason: firstIssue(result.error) };
}
