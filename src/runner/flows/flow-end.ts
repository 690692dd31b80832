import type { ReleaseKey } from '../../../machines/release.js';
import type { RouteEvent } from '../../../machines/route.events.js';
import { isGone } from '../../../machines/slots.js';
import { fault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import type { Host } from '../host/host.js';

/** What a flow tells the route of its PID. */
export type FlowEvent = Extract<RouteEvent, { type: 'flow.opened' | 'flow.closed' }>;
export type EndReason = Extract<FlowEvent, { type: 'flow.closed' }>['reason'];

/** Why a flow ends without being asked (contract §6). */
export const homeLost = (id: string): Fault =>
  fault(
    'flow_ended',
    `The process that kept the session of the flow ${id} is gone, and its algorithm does not hand sessions over.`,
  );
export const idleEnd = (id: string, idleMs: number): Fault =>
  fault('flow_ended', `The flow ${id} had no call for ${idleMs / 1000} s and ended.`);

/** The process that keeps the state of a session, where the state does not travel. */
export interface Home {
  readonly osPid: number;
  readonly slot: number;
}

/** It has left, is leaving, or was replaced. */
export function homeIsGone({ osPid, slot }: Home, release: ReleaseKey, host: Host): boolean {
  const slots = host.packageActor(release)?.getSnapshot().context.slots ?? [];
  return !host.services.processes.has(osPid) || isGone(slots, slot);
}
