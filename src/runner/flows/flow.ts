import type { ReleaseKey } from '../../../machines/release.js';
import { fault, RunnerError } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import type { CallImage } from '../../images/index.js';
import type { CallRequest, Served } from '../calls/call-request.js';
import type { PendingCalls } from '../calls/calls.js';
import { checkArguments } from '../calls/check-arguments.js';
import type { Method } from '../calls/check-arguments.js';
import type { CallOptions, InspectOptions } from './flow-options.js';
import { homeIsGone, homeLost, idleEnd } from './flow-end.js';
import type { EndReason, FlowEvent, Home } from './flow-end.js';
import { contextOf, NO_PARAMS, NO_POLICY } from './flow-context.js';
import type { Given } from './flow-context.js';
import type { FlowParts } from './flow-parts.js';
import { IdleClock } from './idle-clock.js';
import type { Host } from '../host/host.js';
import { withImageWarnings, withLoadedImage } from '../images/image-input.js';
import type { ImageLoader, Loadable, Loaded } from '../images/image-input.js';
import { metaFor, takeUp } from '../images/take-up.js';
import { detectionOf } from '../calls/results.js';
import type { CallResult, Detection, StepResult } from '../calls/results.js';
import { requireManifest } from '../host/release-status.js';
import { requireSteps, stepOf, stepsOf } from './step-table.js';

/**
 * All calls for one product: per step `pre`, then `execute`, with a session of its own (contract §1, §6).
 *
 * INVARIANTS
 * - A flow ends on the release it began with, whatever its PID is bound to by then.
 * - One call at a time; none after its end.
 * - A step is repeated only after the algorithm was told to reset, where it announces that it can (contract §4).
 * - State that an algorithm does not hand over lives in one process: when that is gone, so is the flow.
 */
export class Flow {
  readonly id: string;
  readonly pid: string;
  readonly release: ReleaseKey;
  readonly #host: Host;
  readonly #pendingCalls: PendingCalls;
  readonly #number: number;
  readonly #context: Readonly<Record<string, unknown>>;
  readonly #loader: ImageLoader;
  readonly #clock: IdleClock;
  readonly #onEnd: (flow: Flow) => void;
  /** JSON, as the algorithm wrote it. */
  #state = '{}';
  /** Steps whose `execute` has answered: calling one again repeats it. */
  readonly #finished = new Set<number>();
  /** The process that keeps the session's state, where the state does not travel. */
  #home: Home | null = null;
  #busy = false;
  /** Calls, steps and inspections under way. */
  #works = 0;
  /** Why it ends as soon as nothing is under way. */
  #leaving: Fault | null = null;
  #ended: Fault | null = null;

  constructor(parts: FlowParts<Flow>) {
    const { host, pendingCalls, number, id, release, options, idleMs, onEnd } = parts;
    this.#host = host;
    this.#pendingCalls = pendingCalls;
    this.#number = number;
    this.id = id;
    this.pid = options.pid;
    this.release = release;
    this.#onEnd = onEnd;
    this.#loader = { decoder: host.decoder, takeFile: () => host.pool.decodedFile(release) };
    this.#context = Object.freeze({ product_code: options.pid, trace_id: id, ...contextOf(options) });
    this.#clock = new IdleClock(host, idleMs, () => this.#busy || this.#end('expired', idleEnd(id, idleMs)));
    this.#tellRoute({ type: 'flow.opened', flowId: number, key: release });
  }

  /** True until the flow was closed, cancelled, expired or lost. */
  get open(): boolean {
    return this.#ended === null;
  }

  /** `pre` of one step. @throws RunnerError as `call` */
  pre(stepIndex: number, options: CallOptions = {}): Promise<CallResult> {
    return this.#asked('flow.pre', { stepIndex, options }, () => this.#call('pre', stepIndex, options));
  }

  /** `execute` of one step. @throws RunnerError as `call` */
  execute(stepIndex: number, options: CallOptions = {}): Promise<CallResult> {
    return this.#asked('flow.execute', { stepIndex, options }, () => this.#call('execute', stepIndex, options));
  }

  /** `pre`, and `execute` when `pre` worked; the image is loaded once for both. */
  step(stepIndex: number, options: CallOptions = {}): Promise<StepResult> {
    return this.#asked('flow.step', { stepIndex, options }, () => this.#step(stepIndex, options));
  }

  async #step(stepIndex: number, options: Loadable<CallOptions>): Promise<StepResult> {
    const { step } = stepOf(requireManifest(this.#host, this.release), stepIndex);
    return withLoadedImage(options, this.#loader, async (loaded) => {
      const pre = await this.#call('pre', stepIndex, loaded);
      const execute = pre.status === 'OK' ? await this.#call('execute', stepIndex, loaded) : null;
      return { stepIndex, name: step.name, pre, execute };
    });
  }

  /** The steps in order, until one does not work. */
  detect(options: InspectOptions): Promise<Detection> {
    return this.#asked('flow.detect', { options }, () => this.#detect(options));
  }

  async #detect(options: InspectOptions): Promise<Detection> {
    const startedMs = this.#host.services.clock.nowMs();
    const { params = {}, steps: given, ...rest } = options;
    const manifest = requireManifest(this.#host, this.release);
    requireSteps(manifest, params);
    const wanted = given ?? [...stepsOf(manifest).keys()];
    const steps: StepResult[] = [];
    await withLoadedImage(rest, this.#loader, async (loaded) => {
      for (const stepIndex of wanted) {
        const own = params[stepIndex];
        const done = await this.#step(stepIndex, own === undefined ? loaded : { ...loaded, params: own });
        steps.push(done);
        if (done.execute?.status !== 'OK') break;
      }
    });
    const latencyMs = this.#host.services.clock.nowMs() - startedMs;
    return detectionOf({ pid: this.pid, release: this.release, flowId: this.id, latencyMs }, steps);
  }

  /** Ends the flow and discards its session. */
  close(): void {
    this.#end('finished', fault('flow_ended', `The flow ${this.id} is closed.`));
  }

  /** Ends it once what is under way is done: at once when nothing is. */
  endWhenIdle(why: Fault): void {
    if (this.#works === 0) this.#end('cancelled', why);
    else this.#leaving = why;
  }

  async #asked<T>(method: Method, given: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T> {
    checkArguments(method, given);
    this.#works += 1;
    try {
      return await work();
    } finally {
      this.#works -= 1;
      if (this.#works === 0 && this.#leaving !== null) this.#end('cancelled', this.#leaving);
    }
  }

  /** Ends the flow and lets the algorithm reset what it keeps for it, where it announces `reset`. */
  async cancel(): Promise<void> {
    if (this.#ended !== null) return;
    this.#end('cancelled', fault('flow_ended', `The flow ${this.id} was cancelled.`));
    await this.#reset(this.#host.services.releases.get(this.release)?.manifest?.steps[0]?.index ?? 1);
  }

  /** Best effort: an algorithm that cannot reset is no reason not to go on. */
  async #reset(stepIndex: number): Promise<void> {
    if (!this.#host.services.resettable.has(this.release)) return;
    await this.#pendingCalls.call(this.#request('reset', stepIndex, NO_PARAMS, null, {})).catch(() => undefined);
  }

  #call(phase: CallRequest['phase'], stepIndex: number, options: Loadable<CallOptions>): Promise<CallResult> {
    this.#requireOpen();
    return withLoadedImage(options, this.#loader, (loaded) => this.#ask(phase, stepIndex, loaded));
  }

  async #ask(phase: CallRequest['phase'], stepIndex: number, options: Loaded<CallOptions>): Promise<CallResult> {
    const { check } = stepOf(requireManifest(this.#host, this.release), stepIndex);
    const image = options.image ?? null;
    const checked = await check(options.params ?? {}, image ?? undefined);
    if (!checked.ok) throw RunnerError.from(checked.fault);
    this.#requireOpen();
    this.#busy = true;
    try {
      if (this.#finished.delete(stepIndex)) await this.#reset(stepIndex);
      const letGo = await takeUp(image, this.release);
      const served = await this.#pendingCalls.call(this.#request(phase, stepIndex, checked, image, options, letGo));
      this.#keepSession(served);
      if (phase === 'execute') this.#finished.add(stepIndex);
      return withImageWarnings(served.result, image);
    } finally {
      this.#busy = false;
      this.#clock.touch();
    }
  }

  /** Hot path: one literal, no spreads. */
  #request(
    phase: CallRequest['phase'],
    stepIndex: number,
    { params, json }: Given,
    image: CallImage | null,
    options: Loaded<CallOptions>,
    letGo: (() => void) | null = null,
  ): CallRequest {
    const { timings } = this.#host.packageActor(this.release)?.getSnapshot().context.policy ?? NO_POLICY;
    const timeoutMs = options.timeoutMs ?? (phase === 'execute' ? timings.executeMs : timings.preMs);
    return {
      release: this.release,
      pid: this.pid,
      flowId: this.id,
      phase,
      stepIndex,
      context: this.#context,
      state: this.#state,
      params,
      paramsJson: json,
      image,
      meta: metaFor(image, options, this.#host.services.clock.wallMs()),
      timeoutMs,
      deadlineMs: options.deadlineMs ?? timings.waitMs + timeoutMs,
      deadlineIsStrict: options.deadlineMs !== undefined,
      retries: options.retries,
      home: this.#home === null ? null : this.#home.slot,
      signal: options.signal,
      letGo,
    };
  }

  #keepSession({ sessionState, servedBy }: Served): void {
    if (sessionState !== null) this.#state = sessionState;
    if (servedBy !== null && !servedBy.carriesState) this.#home ??= servedBy;
    if (this.#homeIsGone()) this.#end('lost', homeLost(this.id));
  }

  #homeIsGone(): boolean {
    return this.#home !== null && homeIsGone(this.#home, this.release, this.#host);
  }

  #requireOpen(): void {
    if (this.#ended === null && this.#homeIsGone()) this.#end('lost', homeLost(this.id));
    if (this.#ended !== null) throw RunnerError.from(this.#ended);
    if (this.#busy) throw new RunnerError('operation_conflict', `A call of the flow ${this.id} is under way.`);
  }

  #end(reason: EndReason, why: Fault): void {
    if (this.#ended !== null) return;
    this.#ended = why;
    this.#clock.stop();
    this.#tellRoute({ type: 'flow.closed', flowId: this.#number, key: this.release, reason });
    this.#onEnd(this);
  }

  #tellRoute(event: FlowEvent): void {
    if (this.#host.actor.getSnapshot().status === 'active') this.#host.routeActor(this.pid)?.send(event);
  }
}
