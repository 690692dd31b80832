import {
  DEFAULT_PROBATION,
  DEFAULT_RESTART_POLICY,
  DEFAULT_TIMINGS,
  NO_MEMORY_LIMITS,
  fault,
} from '../../../machines/index.js';
import type {
  Effects,
  Fault,
  MemoryLimits,
  ProbationPolicy,
  ReleaseFacts,
  ReleasePolicy,
  RestartPolicy,
  RestingState,
  RunnerInput,
  StoredRelease,
  Timings,
  Wanted,
} from '../../../machines/index.js';

/** Ordinary values that tests vary one at a time. */
export const KEY = 'screw@1.0.0';
export const PID = 'A01';
export const PROTOCOLS = [1] as const;

export const FACTS: ReleaseFacts = {
  supportedPids: [PID],
  launch: { command: 'python3', args: [], folder: 'deployed/screw/1.0.0', environment: {} },
};

export const BROKEN: Fault = fault('install_failed', 'It broke.');

export interface PolicyOf {
  readonly instances?: number;
  readonly queueLimit?: number;
  readonly retries?: number;
  readonly timings?: Partial<Timings>;
  readonly restart?: Partial<RestartPolicy>;
  readonly memory?: Partial<MemoryLimits>;
  readonly probation?: Partial<ProbationPolicy>;
  readonly fallback?: boolean;
}

/** One process, no further attempts: what a test is not about. */
export const policyOf = ({ timings, restart, memory, probation, ...own }: PolicyOf = {}) =>
  ({
    ...{ instances: 1, queueLimit: 2, retries: 0, fallback: false, ...own },
    timings: { ...DEFAULT_TIMINGS, ...timings },
    restart: { ...DEFAULT_RESTART_POLICY, immediateRestarts: 1, breakerLosses: 3, jitterShare: 0, ...restart },
    memory: { ...NO_MEMORY_LIMITS, ...memory },
    probation: { ...DEFAULT_PROBATION, ...probation },
  }) satisfies ReleasePolicy;

export const storedAs = (
  state: RestingState,
  { key = KEY, wanted = 'stopped', reason = null }: { key?: string; wanted?: Wanted; reason?: Fault | null } = {},
): StoredRelease => ({
  key,
  state,
  wanted,
  reason,
  facts: state === 'Deployed' || state === 'Stopped' ? FACTS : null,
});

export const runnerInput = (policy: PolicyOf = {}): RunnerInput => ({
  policy: policyOf(policy),
  overrides: {},
  protocols: PROTOCOLS,
  resume: true,
});

/** What every effect answers when all goes well and the test does not care. */
export const ANSWERS: { readonly [Name in keyof Effects]: Effects[Name]['output'] } = {
  recoverStore: { releases: [], routes: [] },
  validatePackage: { supportedPids: FACTS.supportedPids },
  extractPackage: undefined,
  buildEnvironment: undefined,
  installWheels: FACTS,
  completeDeployment: undefined,
  discardDeployment: undefined,
  recordRest: undefined,
  removeRelease: undefined,
  commitRoutes: undefined,
};
