import type { Evidence, Operation } from '../judge/evidence.js';
import type { CallEnd, CallEntry } from '../ledgers/callers.js';
import type { Attempt, ProcessEntry } from '../ledgers/processes.js';
import type { Dispatch } from '../ledgers/trace.js';

/** Small made-up evidence: one sound call on one sound process, changed in what a test is about. */
export const RELEASE = 'iris@1.0.0';

export const end = (over: Partial<CallEnd & { atMs: number }> = {}): CallEntry['ends'][number] => ({
  outcome: 'result',
  faultName: null,
  message: '',
  callId: 1,
  release: RELEASE,
  failedAttempts: 0,
  wrong: null,
  atMs: 20,
  ...over,
});

export const call = (over: Partial<CallEntry> = {}): CallEntry => ({
  number: 1,
  pid: 'A01',
  flowId: 'f1',
  release: RELEASE,
  misdeed: '',
  retries: 2,
  beganMs: 10,
  ends: [end()],
  ...over,
});

export const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  flowId: 'f1',
  beganMs: 11,
  lastSignMs: 19,
  replied: 'OK',
  ...over,
});

export const algorithm = (over: Partial<ProcessEntry> = {}): ProcessEntry => ({
  id: 'iris@1.0.0_102_1',
  release: RELEASE,
  osPid: 102,
  lineage: [102, 101, 100],
  startedMs: 0,
  ill: '',
  left: true,
  attempts: [attempt()],
  ...over,
});

export const dispatch = (over: Partial<Dispatch> = {}): Dispatch => ({
  callId: 1,
  release: RELEASE,
  osPid: 100,
  delivered: true,
  at: 5,
  endedAt: 6,
  ...over,
});

export const operation = (over: Partial<Operation> = {}): Operation => ({
  kind: 'switch',
  pids: ['A01'],
  from: [RELEASE],
  to: 'iris@2.0.0',
  beganMs: 5,
  committedMs: 15,
  endedMs: 30,
  end: 'confirmed',
  downtimeMs: 0,
  wrong: null,
  ...over,
});

type Parts = Partial<Omit<Evidence, 'trace'>> & { readonly sent?: readonly Dispatch[]; readonly requested?: number[] };

export function evidence({ sent = [dispatch()], requested = [1], ...over }: Parts = {}): Evidence {
  const dispatches = new Map<number, Dispatch[]>();
  for (const one of sent) dispatches.set(one.callId, [...(dispatches.get(one.callId) ?? []), one]);
  return {
    calls: [call()],
    processes: [algorithm()],
    trace: { dispatches, requested: new Set(requested) },
    downtimes: [],
    kills: [],
    operations: [],
    lapses: [],
    broken: [],
    orphans: [],
    segments: [],
    ...over,
  };
}
