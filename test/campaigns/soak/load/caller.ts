import { setTimeout as pause } from 'node:timers/promises';
import { RunnerError, toFault } from '../../../../src/index.js';
import type { CallOptions, CallResult, Flow, RawImage, Runner } from '../../../../src/index.js';
import type { CallEnd, CallersLedger, Misdeed } from '../ledgers/callers.js';
import type { Draws } from './draws.js';

/**
 * One caller at one PID: flow after flow, two steps each, one call at a time, until it is told to stop.
 *
 * INVARIANT: every call stands in the ledger before it is made, and its end as soon as the caller knows it.
 */
const STEPS = [1, 2] as const;
const RETRIES = 2;
/** What a call that hangs is given (ms); the others have the release's deadline. */
const HANG_TIMEOUT_MS = 250;
const PAUSE_MS = { least: 5, most: 30 } as const;

export interface CallerOptions {
  readonly runner: Runner;
  readonly ledger: CallersLedger;
  readonly pid: string;
  readonly draws: Draws;
  readonly signal: AbortSignal;
  /** Told when the PID pointed to nothing. */
  readonly onLapse: (what: string) => void;
  /** Whether the release never answers in time: its calls are given little. */
  readonly isSlow: (release: string) => boolean;
}

export async function runCaller(options: CallerOptions): Promise<void> {
  const { draws, signal } = options;
  while (!signal.aborted) {
    await runFlow(options);
    await pause(draws.between(PAUSE_MS.least, PAUSE_MS.most));
  }
}

async function runFlow(options: CallerOptions): Promise<void> {
  const { runner, pid, draws, onLapse } = options;
  const flow = attempt(() => runner.openFlow({ pid }));
  if (flow instanceof RunnerError) return onLapse(`${pid}: no flow could begin: ${flow.code} ${flow.message}`);
  const withImage = draws.chance(0.25);
  const seen: number[] = [];
  try {
    for (const step of STEPS)
      for (const phase of ['pre', 'execute'] as const)
        if (!(await makeCall(options, flow, phase, step, { seen, withImage }))) return;
  } finally {
    flow.close();
  }
}

interface FlowSoFar {
  /** Numbers of the flow's calls that came to a result, as its session has to have them. */
  readonly seen: number[];
  readonly withImage: boolean;
}

/** @returns whether the flow goes on */
async function makeCall(
  { ledger, draws, pid, isSlow }: CallerOptions,
  flow: Flow,
  phase: 'pre' | 'execute',
  step: number,
  { seen, withImage }: FlowSoFar,
): Promise<boolean> {
  const misdeed = drawMisdeed(draws);
  const retries = misdeed === 'hang' || draws.chance(0.2) ? 0 : RETRIES;
  const { release } = flow;
  const number = ledger.open({ pid, flowId: flow.id, release, misdeed, retries });
  const shade = withImage ? number % 256 : null;
  const short = misdeed.startsWith('hang') || isSlow(release);
  const givingUp = misdeed === 'cancel' ? { signal: AbortSignal.timeout(Math.ceil(draws.between(1, 10))) } : {};
  const call: CallOptions = {
    params: { call: number, work_ms: misdeed === 'cancel' ? 15 : drawWorkMs(draws), do: misdeed },
    retries,
    ...(short ? { timeoutMs: HANG_TIMEOUT_MS } : {}),
    ...(shade === null ? {} : { image: imageOf(shade) }),
    ...givingUp,
  };
  try {
    const result = await flow[phase](step, call);
    ledger.close(number, endOf(result, { number, seen, shade }));
    if (result.status === 'OK') seen.push(number);
    return result.status === 'OK' || result.outcome === 'cancelled';
  } catch (error) {
    const { name, message } = toFault(error);
    const nobody = { callId: null, release: null, failedAttempts: 0, wrong: null };
    ledger.close(number, { outcome: 'refused', faultName: name, message, ...nobody });
    return false;
  }
}

function endOf(result: CallResult, own: { number: number; seen: readonly number[]; shade: number | null }): CallEnd {
  const { outcome, callId, release } = result;
  const failedAttempts = result.failedAttempts.length;
  if (result.status !== 'OK') {
    const { name, message } = result.fault;
    return { outcome, callId, release, failedAttempts, faultName: name, message, wrong: null };
  }
  const answer = JSON.stringify([result.data['call'], result.data['seen'], result.data['shade']]);
  const right = JSON.stringify([own.number, own.seen, own.shade]);
  const wrong = answer === right ? null : `it was answered ${answer} (call, calls before, shade) instead of ${right}`;
  return { outcome, callId, release, failedAttempts, faultName: null, message: '', wrong };
}

function drawMisdeed(draws: Draws): Misdeed {
  if (!draws.chance(0.04)) return '';
  return draws.oneOf(['error', 'fail', 'fail once', 'fail once', 'hang', 'hang once', 'cancel', 'cancel'] as const);
}

/** Mostly short; now and then long enough to be hit by anything. */
const drawWorkMs = (draws: Draws): number => (draws.chance(0.05) ? draws.between(20, 50) : draws.between(1, 8));

const imageOf = (shade: number): RawImage => ({
  width: 16,
  height: 8,
  channels: 3,
  data: new Uint8Array(16 * 8 * 3).fill(shade),
});

function attempt<T>(work: () => T): T | RunnerError {
  try {
    return work();
  } catch (error) {
    if (error instanceof RunnerError) return error;
    throw error;
  }
}
