import { z } from 'zod';
import type { LivingListing } from '../../runner/status/living-store.js';
import { list, texts } from './common.js';
import { releaseWire, wireRelease } from './release.js';
import { routeWire, wireRoute } from './route.js';

/** Everything a store holds. */
export const listingWire = z.strictObject({
  releases: list(releaseWire),
  routes: list(routeWire),
  /** The Runner that works on it; null: none, or it cannot be seen. */
  living_os_pid: z.int().nullable(),
  problems: texts,
});
export type ListingWire = z.infer<typeof listingWire>;

export const wireListing = ({ releases, routes, livingOsPid, problems }: LivingListing): ListingWire => ({
  releases: releases.map(wireRelease),
  routes: routes.map(wireRoute),
  living_os_pid: livingOsPid,
  problems,
});
