import {
  DEFAULT_PROBATION,
  DEFAULT_RESTART_POLICY,
  DEFAULT_TIMINGS,
  fault,
  NO_MEMORY_LIMITS,
} from '../../../../machines/index.js';
import type {
  OsEvent,
  ReleaseFacts,
  ReleasePolicy,
  RestartPolicy,
  RestingState,
  RunnerInput,
  StoredRelease,
  StoreFacts,
  Wanted,
} from '../../../../machines/index.js';
import { illBehaved, sampled, wellBehaved } from '../../model/index.js';
import type { OsFacts } from '../../model/index.js';
import type { Response } from '../scenario.js';

/** Releases, product ids and policies that scenarios are made of. */
export const [ONE, TWO] = ['screw@1.0.0', 'screw@2.0.0'] as const;
export const [A, B] = ['A01', 'B02'] as const;

const FACTS: ReleaseFacts = {
  supportedPids: [A, B],
  launch: { command: 'python3', args: [], folder: 'deployed', environment: {} },
};

export const stored = (key: string, state: RestingState, wanted: Wanted): StoredRelease => ({
  ...{ key, state, wanted, reason: null },
  facts: state === 'Deployed' || state === 'Stopped' ? FACTS : null,
});

export function inputOf(policy: Partial<ReleasePolicy> & { readonly restarts?: Partial<RestartPolicy> }): RunnerInput {
  const { restarts, ...own } = policy;
  return {
    policy: {
      ...{ instances: 1, queueLimit: 2, retries: 0, fallback: false },
      timings: DEFAULT_TIMINGS,
      restart: { ...DEFAULT_RESTART_POLICY, jitterShare: 0, ...restarts },
      memory: NO_MEMORY_LIMITS,
      probation: DEFAULT_PROBATION,
      ...own,
    },
    overrides: {},
    protocols: [1],
    resume: true,
  };
}

/** What each effect answers when it succeeds. */
export const outputsOf = (store: StoreFacts): Readonly<Record<string, unknown>> => ({
  recoverStore: store,
  validatePackage: { supportedPids: [A, B] },
  installWheels: FACTS,
});

const exits = (): OsEvent => ({
  ...{ type: 'os.exited', fault: fault('process_lost', 'The process ended with code 1.') },
  ...{ atMs: 0, jitter: 0 },
});
const good = (...events: readonly OsEvent[]): Response => ({ events, isFault: false });
const bad = (...events: readonly OsEvent[]): Response => ({ events, isFault: true });

const HELLO: OsEvent = { type: 'hello.received', protocol: 1, announcesInfo: true, sdkVersion: '1.0.0' };
const INFO: OsEvent = { type: 'info.received', mismatches: [] };

/**
 * A process that answers everything, its handshake in one breath, and may end at any moment when it should not. Events
 * that change nothing in any machine are left out: that it was spawned, that it heard it shall leave.
 */
export function crashing({ alive, saidHello, pingsOut, callId, ...facts }: OsFacts): readonly Response[] {
  if (!alive) return [];
  const leaves = facts.shutdownAsked || facts.signalled !== null || facts.abandoned || facts.streamBroken;
  if (leaves) return [good(exits())];
  const turns = [bad(exits())];
  if (!saidHello) return [good(HELLO, INFO), ...turns];
  if (pingsOut > 0) turns.push(good({ type: 'pong.received' }));
  if (callId !== null) turns.push(good({ type: 'call.answered', callId, outcome: 'result' }));
  return turns;
}

/** Errors that another attempt may mend, and such as end the process. */
export const failing = ({ alive, callId }: OsFacts): readonly Response[] =>
  !alive || callId === null
    ? []
    : [
        bad({ type: 'call.answered', callId, outcome: 'error', recoverable: true }),
        bad({ type: 'call.answered', callId, outcome: 'error', fatal: true }),
      ];

/** A process that does everything a process can, one thing at a time. */
export function unruly(facts: OsFacts): readonly Response[] {
  const expected = wellBehaved(facts, 0).map((event) => good(event));
  const looks = sampled(facts).map((event) => good(event));
  const known = new Set(expected.map(({ events }) => JSON.stringify(events)));
  const wrong = new Map(illBehaved(facts, 0).map((event) => [JSON.stringify([event]), bad(event)]));
  return [...expected, ...looks, ...[...wrong].flatMap(([key, turn]) => (known.has(key) ? [] : [turn]))];
}
