import { calls } from './calls.js';
import { failedChange } from './failed-change.js';
import { handshakeFirst } from './handshake-first.js';
import { heartbeats } from './heartbeats.js';
import { inFlight } from './in-flight.js';
import type { Invariant } from './invariant.js';
import { nothingLeft } from './nothing-left.js';
import { restarts } from './restarts.js';
import { retirement } from './retirement.js';
import { routed } from './routed.js';
import { routeFiles } from './route-files.js';
import { uninstall } from './uninstall.js';
import { wayBack } from './way-back.js';

export type { Invariant, Judgement } from './invariant.js';
export * from './view.js';

/** Invariants 1 to 12 of docs/invariants.md, in their order. */
export const INVARIANTS: readonly Invariant[] = [
  routed,
  handshakeFirst,
  failedChange,
  routeFiles,
  calls,
  inFlight,
  retirement,
  wayBack,
  restarts,
  heartbeats,
  uninstall,
  nothingLeft,
];
