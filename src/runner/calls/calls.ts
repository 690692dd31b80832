import type { FailedAttempt, PendingCall, Timer } from '../../effects/index.js';
import type { Outcome } from '../../../machines/process.events.js';
import { countsForProbation } from '../../../machines/probation.js';
import { packageId } from '../../../machines/runner.events.js';
import { fault, RunnerError, toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import type { CallRequest, Served } from './call-request.js';
import { faultOf, served } from './call-result.js';
import type { Host, PackageActor } from '../host/host.js';
import { ImageBudget } from '../images/image-budget.js';
import { QueuePace } from './queue-pace.js';
import type { CallResult } from './results.js';
import { standingOf } from '../host/release-status.js';

/** Looks on as calls end, while a change of routes is measured. */
export type CallObserver = (result: CallResult) => void;

/**
 * The hot path between a caller and a package actor: request and reply wait in a table, events carry the id.
 *
 * INVARIANTS
 * - A promise settles from the one terminal event of its call, exactly once (invariant 5).
 * - A call takes its place in shared memory when it is dispatched, and gives it back when nobody looks at it any more: with
 *   the outcome, or, for a running call whose caller gave it up, when its process let go of it (contract §7).
 * - What could not be put into shared memory was never sent: it is refused, and speaks neither for nor against a release.
 * - While a release is on probation its route is told how every attempt ended; what follows is the route's business.
 */
export class PendingCalls {
  readonly observers = new Set<CallObserver>();
  readonly #host: Host;
  readonly #images: ImageBudget;
  readonly #watched = new WeakMap<PackageActor, QueuePace>();
  #lastId = 0;

  /** @param imageBytesMax memory of images that calls may hold */
  constructor(host: Host, imageBytesMax?: number) {
    this.#host = host;
    this.#images = new ImageBudget(imageBytesMax);
    host.actor.on('actor.failed', ({ actor, fault: why }) => {
      for (const call of host.services.calls.values()) if (packageId(call.release) === actor) lose(call, why);
    });
    host.actor.subscribe({
      // Were nobody listening, XState would throw it at the host.
      error(error) {
        host.services.problems.note(fault('actor_failed', `The Runner itself failed: ${toFault(error).message}`));
        for (const call of host.services.calls.values()) lose(call, toFault(error));
      },
    });
  }

  /** @throws RunnerError when the call is refused: it was never accepted then */
  async call(request: CallRequest): Promise<Served> {
    const actor = this.#host.packageActor(request.release);
    if (actor === undefined) {
      request.letGo?.();
      throw new RunnerError('release_not_found', `There is no release ${request.release} in this store.`);
    }
    if (actor.getSnapshot().status !== 'active') {
      request.letGo?.();
      throw RunnerError.from(failedRelease(this.#host, request.release));
    }
    const pace = this.#paceOf(actor);
    let unhold: (() => void) | null = null;
    try {
      if (request.image !== null) unhold = this.#images.hold(request.image);
    } catch (error) {
      request.letGo?.();
      throw RunnerError.from(withRetryAfter(toFault(error), pace.retryAfterMs));
    }
    const callId = ++this.#lastId;
    const { calls, clock } = this.#host.services;
    const startedMs = clock.nowMs();
    const startedAwakeMs = clock.awakeMs();

    return new Promise<Served>((resolve, reject) => {
      let expiry: Timer | undefined;
      const cancel = (): void => actor.send({ type: 'call.cancelled', callId });
      const expire = (): void => actor.send({ type: 'call.expired', callId });
      const pending: PendingCall = {
        callId,
        release: request.release,
        phase: request.phase,
        pid: request.pid,
        flowId: request.flowId,
        deadlineMs: request.timeoutMs,
        image: request.image,
        state: request.state,
        fields: {
          requestId: `${callId}`,
          phase: request.phase,
          stepIndex: request.stepIndex,
          pid: request.pid,
          session: { id: request.flowId, context: request.context },
          userParams: request.params,
          userParamsJson: request.paramsJson,
          sharedMemId: null,
          imageMeta: request.meta,
        },
        lease: null,
        refusal: null,
        attempts: 0,
        osPid: null,
        reply: null,
        servedBy: null,
        failedAttempts: NONE,
        settle: (outcome, why) => {
          clock.clearTimeout(expiry);
          request.signal?.removeEventListener('abort', cancel);
          if (outcome === 'refused') return reject(RunnerError.from(why ?? fault('unknown_error', 'It was refused.')));
          const done = served(pending, request, outcome, why, clock.nowMs() - startedMs);
          if (this.observers.size > 0) for (const observe of this.observers) observe(done.result);
          resolve(done);
        },
        free() {
          if (!calls.delete(callId)) return;
          pending.lease?.release();
          unhold?.();
          request.letGo?.();
        },
        /** From the second attempt on there is a limit to how long all of them may take. */
        limit: () => {
          expiry ??= clock.setTimeout(expire, Math.max(0, request.deadlineMs - (clock.awakeMs() - startedAwakeMs)));
        },
      };
      calls.set(callId, pending);
      request.signal?.addEventListener('abort', cancel, { once: true });
      if (request.deadlineIsStrict) pending.limit();
      actor.send(requested(callId, request));
      if (request.signal?.aborted === true) cancel();
    });
  }

  #paceOf(actor: PackageActor): QueuePace {
    const known = this.#watched.get(actor);
    if (known !== undefined) return known;
    const pace = new QueuePace();
    this.#watched.set(actor, pace);
    this.#watch(actor, pace);
    return pace;
  }

  #watch(actor: PackageActor, pace: QueuePace): void {
    const { calls, clock } = this.#host.services;
    actor.on('call.settled', ({ callId, outcome, fault: why }) => {
      const call = calls.get(callId);
      if (call === undefined) return;
      pace.settled(clock.nowMs());
      // A running call whose caller gave it up keeps its image until its process lets go (`call.freed`).
      const runsOn = (outcome === 'cancelled' || outcome === 'timed_out') && isRunning(actor, callId);
      if (!runsOn) call.free();
      if (call.refusal !== null && call.failedAttempts.length === 0)
        return call.settle('refused', withRetryAfter(call.refusal, pace.retryAfterMs));
      const failure = outcome === 'result' && call.reply?.outcome === 'result' ? null : failureOf(call, why ?? null);
      if (call.refusal === null) this.#tellRoute(call, outcome, failure);
      call.settle(outcome, why ?? null);
    });
    actor.on('call.retried', ({ callId, outcome, fault: why }) => {
      const call = calls.get(callId);
      if (call === undefined) return;
      const attempt: FailedAttempt = {
        outcome,
        fault: failureOf(call, why ?? null),
        osPid: call.osPid,
      };
      call.failedAttempts = [...call.failedAttempts, attempt];
      call.reply = null;
      call.servedBy = null;
      call.limit();
      this.#tellRoute(call, outcome, attempt.fault);
    });
    actor.on('call.freed', ({ callId }) => calls.get(callId)?.free());
    actor.on('call.refused', ({ callId, fault: why }) => {
      const call = calls.get(callId);
      call?.free();
      call?.settle('refused', withRetryAfter(why, pace.retryAfterMs));
    });
  }

  #tellRoute({ pid, release }: PendingCall, outcome: Outcome, failure: Fault | null): void {
    const route = this.#host.routeActor(pid);
    if (!countsForProbation(route?.getSnapshot().context, { key: release, outcome })) return;
    route?.send({ type: 'call.observed', key: release, failure });
  }
}

const NONE: readonly FailedAttempt[] = Object.freeze([]);

/** Hot path: two fields when there is nothing out of the ordinary, and a trace of as few bytes. */
function requested(callId: number, { pid, retries, home }: CallRequest) {
  const event = { type: 'call.requested', callId, pid } as const;
  if (retries === undefined && home === null) return event;
  return { ...event, ...(retries === undefined ? {} : { retries }), ...(home === null ? {} : { home }) };
}

/** Nobody is there to take a call of it. */
const failedRelease = (host: Host, release: string): Fault =>
  standingOf(host, release)?.fault ?? fault('actor_failed', `What looks after ${release} failed.`);

/** The actor that would have settled it failed. */
function lose(call: PendingCall, why: Fault): void {
  call.free();
  call.settle('lost', why);
}

const failureOf = ({ reply }: PendingCall, why: Fault | null): Fault =>
  faultOf(why, reply?.outcome === 'error' ? reply.fault : null);

const isRunning = (actor: PackageActor, callId: number): boolean =>
  actor.getSnapshot().context.slots.some(({ call, abandoned }) => call?.callId === callId && abandoned);

/** What may be otherwise in a moment says when; anything else stays as it is. */
function withRetryAfter(why: Fault, retryAfterMs: number): Fault {
  if (why.name !== 'queue_full' && why.name !== 'image_pool_full') return why;
  return {
    ...why,
    hint: `Try again in ${retryAfterMs} ms.`,
    details: { ...why.details, retry_after_ms: retryAfterMs },
  };
}
