import { assign, sendParent, setup } from 'xstate';
import type { HeartbeatTag } from './tags.js';
import type { Timings } from './timings.js';

export interface HeartbeatInput {
  readonly timings: Pick<Timings, 'pingIntervalMs' | 'pongGraceMs'>;
}

/** What the process tells its heartbeat. */
export type HeartbeatEvent = { readonly type: 'pong.received' };

/** What the heartbeat tells its process; judging a miss is the process's business. */
export type HeartbeatReport =
  | { type: 'heartbeat.due' }
  | { type: 'heartbeat.missed'; misses: number }
  | { type: 'heartbeat.recovered'; misses: number };

/**
 * Ping and pong deadlines of one process (contract §5).
 *
 * INVARIANTS
 * - A miss is followed at once by another ping, so two misses in a row take interval + 2 × grace (invariant 10).
 * - Any pong is a sign of life, whichever ping it answers.
 */
export const heartbeatMachine = setup({
  types: {
    input: {} as HeartbeatInput,
    context: {} as HeartbeatInput & { misses: number },
    events: {} as HeartbeatEvent,
    tags: {} as HeartbeatTag,
  },
  actions: {
    requestPing: sendParent((): HeartbeatReport => ({ type: 'heartbeat.due' })),
    countMiss: assign({ misses: ({ context }) => context.misses + 1 }),
    reportMiss: sendParent(({ context }): HeartbeatReport => ({
      type: 'heartbeat.missed',
      misses: context.misses,
    })),
    reportRecovery: sendParent(({ context }): HeartbeatReport => ({
      type: 'heartbeat.recovered',
      misses: context.misses,
    })),
    forgetMisses: assign({ misses: 0 }),
  },
  delays: {
    pingInterval: ({ context }) => context.timings.pingIntervalMs,
    pongGrace: ({ context }) => context.timings.pongGraceMs,
  },
}).createMachine({
  id: 'heartbeat',
  description: 'Asks a process for signs of life and counts the answers it misses.',
  context: ({ input }) => ({ ...input, misses: 0 }),
  initial: 'Resting',
  states: {
    Resting: {
      description: 'The last ping was answered.',
      tags: ['steady', 'answering'],
      after: { pingInterval: 'Awaiting' },
    },
    Awaiting: {
      description: 'A ping is out.',
      tags: ['steady', 'answering'],
      entry: 'requestPing',
      after: { pongGrace: { target: 'Missing', actions: ['countMiss', 'reportMiss'] } },
      on: { 'pong.received': 'Resting' },
    },
    Missing: {
      description: 'At least one ping in a row went unanswered; the next one is out.',
      entry: 'requestPing',
      after: { pongGrace: { target: 'Missing', reenter: true, actions: ['countMiss', 'reportMiss'] } },
      on: { 'pong.received': { target: 'Resting', actions: ['reportRecovery', 'forgetMisses'] } },
    },
  },
});
