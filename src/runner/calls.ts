import type { Outcome } from '../../machines/process.events.js';
import type { ReleaseKey } from '../../machines/release.js';
import type { PendingCall } from '../effects/index.js';
import { packageId } from '../../machines/runner.events.js';
import { fault, RunnerError, toFault } from '../errors/index.js';
import type { Fault } from '../errors/index.js';
import type { FilledLease, ImageMeta } from '../images/index.js';
import type { Phase } from '../protocol/index.js';
import type { Host, PackageActor } from './host.js';
import type { CallResult } from './results.js';

export interface CallRequest {
  readonly release: ReleaseKey;
  readonly pid: string;
  readonly flowId: string;
  readonly phase: Phase;
  readonly stepIndex: number;
  readonly context: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly lease: FilledLease | null;
  readonly meta: (ImageMeta & Readonly<Record<string, unknown>>) | null;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface Served {
  readonly result: CallResult;
  /** The session's state after the call; null when it did not change or the algorithm keeps it itself. */
  readonly sessionState: Readonly<Record<string, unknown>> | null;
  /** The process that answered; null when none did. */
  readonly servedBy: PendingCall['servedBy'];
}

/**
 * The hot path between a caller and a package actor: request and reply wait in a table, events carry the id.
 *
 * INVARIANTS
 * - A promise settles from the one terminal event of its call, exactly once (architecture, invariant 5).
 * - An image goes back to the pool when nobody looks at it any more: with the outcome, or, for a running call whose
 *   caller gave it up, when its process let go of it (contract §7).
 */
export class CallDesk {
  readonly #host: Host;
  readonly #watched = new WeakSet<PackageActor>();
  #lastId = 0;

  constructor(host: Host) {
    this.#host = host;
    host.actor.on('actor.failed', ({ actor, fault: why }) => {
      for (const call of host.workshop.calls.values()) if (packageId(call.release) === actor) lose(call, why);
    });
    host.actor.subscribe({
      // Were nobody listening, XState would throw it at the host.
      error(error) {
        host.workshop.problems.push(`the Runner itself failed: ${toFault(error).message}`);
        for (const call of host.workshop.calls.values()) lose(call, toFault(error));
      },
    });
  }

  /** @throws RunnerError when the call is refused: it was never accepted then */
  call(request: CallRequest): Promise<Served> {
    const actor = this.#host.packageActor(request.release);
    if (actor === undefined) {
      request.lease?.release();
      const message = `There is no release ${request.release} in this store.`;
      return Promise.reject(new RunnerError('release_not_found', message));
    }
    if (!this.#watched.has(actor)) this.#watch(actor);
    const callId = ++this.#lastId;
    const { calls } = this.#host.workshop;
    const startedMs = performance.now();

    return new Promise<Served>((resolve, reject) => {
      const cancel = (): void => actor.send({ type: 'call.cancelled', callId });
      const pending: PendingCall = {
        callId,
        release: request.release,
        phase: request.phase,
        pid: request.pid,
        flowId: request.flowId,
        deadlineMs: request.deadlineMs,
        image: request.meta,
        state: request.state,
        fields: {
          requestId: `${callId}`,
          phase: request.phase,
          stepIndex: request.stepIndex,
          pid: request.pid,
          session: { id: request.flowId, context: request.context },
          userParams: request.params,
          sharedMemId: request.lease?.sharedMemId ?? null,
          imageMeta: request.meta,
        },
        reply: null,
        servedBy: null,
        settle(outcome, why) {
          request.signal?.removeEventListener('abort', cancel);
          if (outcome === 'refused') return reject(RunnerError.from(why ?? unexplained));
          resolve(served(pending, request, outcome, why, performance.now() - startedMs));
        },
        free() {
          calls.delete(callId);
          request.lease?.release();
        },
      };
      calls.set(callId, pending);
      request.signal?.addEventListener('abort', cancel, { once: true });
      actor.send({ type: 'call.requested', callId, pid: request.pid });
      if (request.signal?.aborted === true) cancel();
    });
  }

  #watch(actor: PackageActor): void {
    this.#watched.add(actor);
    const { calls } = this.#host.workshop;
    actor.on('call.settled', ({ callId, outcome, fault: why }) => {
      const call = calls.get(callId);
      if (call === undefined) return;
      // A running call whose caller gave it up keeps its image until its process lets go (`call.freed`).
      const runsOn = outcome === 'cancelled' && isRunning(actor, callId);
      if (!runsOn) call.free();
      call.settle(outcome, why ?? null);
    });
    actor.on('call.freed', ({ callId }) => calls.get(callId)?.free());
    actor.on('call.refused', ({ callId, fault: why }) => {
      const call = calls.get(callId);
      call?.free();
      call?.settle('refused', why);
    });
  }
}

/** The actor that would have settled it failed. */
function lose(call: PendingCall, why: Fault): void {
  call.free();
  call.settle('lost', why);
}

const isRunning = (actor: PackageActor, callId: number): boolean =>
  actor.getSnapshot().context.slots.some((slot) => slot.callId === callId && slot.abandoned);

const unexplained = fault('unknown_error', 'The call ended without a reason.');

/** Hot path: one literal, because spreads and rest patterns cost more than the machines' own transitions. */
function served(
  { callId, reply, servedBy }: PendingCall,
  { phase, stepIndex, pid, release, flowId }: CallRequest,
  outcome: Outcome,
  why: Fault | null,
  latencyMs: number,
): Served {
  if (outcome === 'result' && reply?.outcome === 'result') {
    return {
      sessionState: reply.sessionState,
      servedBy,
      result: {
        callId,
        phase,
        stepIndex,
        pid,
        release,
        flowId,
        latencyMs,
        status: 'OK',
        outcome,
        verdict: reply.verdict,
        ngReason: reply.ngReason,
        defectRects: reply.defectRects,
        positionRects: reply.positionRects,
        calibrationRects: reply.calibrationRects,
        debug: reply.debug,
        data: reply.data,
        message: reply.message,
        warnings: reply.warnings,
      },
    };
  }
  const failed = reply?.outcome === 'error' ? reply : null;
  return {
    sessionState: reply?.sessionState ?? null,
    servedBy,
    result: {
      callId,
      phase,
      stepIndex,
      pid,
      release,
      flowId,
      latencyMs,
      status: 'ERROR',
      outcome: outcome === 'result' ? 'error' : outcome,
      fault: RunnerError.from(why ?? failed?.fault ?? unexplained).toFault(), // with the catalogue's hint
      errorCode: failed?.errorCode ?? null,
      errorClass: failed?.errorClass ?? null,
    },
  };
}
