import type { RouteEvent } from '../../machines/route.events.js';
import { fault } from '../errors/index.js';
import type { Fault } from '../errors/index.js';

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
