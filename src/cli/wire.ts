import type { Listing, ReleaseView, RouteView, ScannedZip } from '../index.js';

/** How results look with `--json`: snake_case, units last, null for what is not there. */

const wireRelease = (view: ReleaseView) => ({
  release: view.release,
  name: view.name,
  version: view.version,
  state: view.state,
  reason: view.reason,
  wanted: view.wanted,
  supported_pids: view.supportedPids,
  routed_pids: view.routedPids,
  sha256: view.sha256,
  zip: view.zip,
  isolation: view.isolation,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
});

const wireRoute = ({ pid, release, activatedAt, previous, onProbation, fault }: RouteView) => ({
  pid,
  release,
  activated_at: activatedAt,
  previous,
  on_probation: onProbation,
  fault,
});

export const wireListing = ({ releases, routes }: Listing) => ({
  releases: releases.map(wireRelease),
  routes: routes.map(wireRoute),
});

export const wireScanned = ({ zip, release, found, state, fault }: ScannedZip) => ({
  zip,
  release,
  found,
  state,
  fault,
});
