import { encodeFrame } from '../../../src/protocol/index.js';
import type { FrameSink, FrameSource } from '../../../src/effects/index.js';
import { packageNamed } from './catalogue.js';
import type { CataloguePackage } from './catalogue.js';
import type { HostClock } from './clock.js';
import type { Draws } from './draws.js';
import { END_FAULTS, REPLY_FAULTS, START_FAULTS } from './fault-kinds.js';
import type { ProcessFault } from './fault-kinds.js';
import type { Troubles } from './troubles.js';

/** What the Runner's side hears of an algorithm process, beside its frames. */
export interface Listener {
  exited(how: string): void;
}

interface Call {
  readonly request_id: string;
  readonly phase: string;
  readonly step_index: number;
  readonly session?: { readonly state?: { readonly count?: number } };
}

const HEADER_BYTES = 4;
/** Where a frame says of what type it is: `{"type":"…`. */
const TYPE_AT = HEADER_BYTES + '{"type":"'.length;
const PING = 'p'.charCodeAt(0);
const PONG = encodeFrame({ type: 'pong' });

/**
 * One algorithm process of the simulated site: it reads frames, works, answers, dies; well or badly.
 *
 * INVARIANTS
 * - It never does anything inside the call that tells it to: all it does comes from a timer.
 * - After its end nothing is heard of it.
 */
export class Algorithm implements FrameSink, FrameSource {
  readonly osPid: number;
  readonly package: CataloguePackage;
  alive = true;
  readonly writableLength = 0;
  /** Memory it holds, as a multiple of what it takes as a rule. */
  memoryFactor = 1;
  readonly #clock: HostClock;
  readonly #draws: Draws;
  readonly #troubles: Troubles;
  readonly #listener: Listener;
  #onData: (chunk: Buffer) => void = () => undefined;
  #hung = false;
  #deadlineOf: (requestId: string) => number;
  #stubborn: (typeof END_FAULTS)[number] | null = null;
  #count = 0;
  #liesOnce = false;

  constructor(parts: {
    readonly key: string;
    readonly osPid: number;
    readonly clock: HostClock;
    readonly draws: Draws;
    readonly troubles: Troubles;
    readonly listener: Listener;
    /** Milliseconds the Runner waits for the answer to a call in flight. */
    readonly deadlineOf: (requestId: string) => number;
  }) {
    this.osPid = parts.osPid;
    this.package = packageNamed(parts.key);
    this.#clock = parts.clock;
    this.#draws = parts.draws;
    this.#troubles = parts.troubles;
    this.#listener = parts.listener;
    this.#deadlineOf = parts.deadlineOf;
    this.#start();
  }

  on(event: 'data' | 'error', listener: (chunk: Buffer) => void): void {
    if (event === 'data') this.#onData = listener;
  }

  /** A frame of the Runner arrives. */
  write(frame: Buffer): void {
    if (!this.alive || this.#hung) return;
    if (frame[TYPE_AT] === PING) return this.#later(this.#draws.between(0.1, 3), () => this.#onData(PONG));
    const message = JSON.parse(frame.toString('utf8', HEADER_BYTES)) as { readonly type: string };
    switch (message.type) {
      case 'hello':
        return;
      case 'call':
        return this.#serve(message as unknown as Call);
      case 'shutdown':
        return this.#leave();
    }
  }

  /** As kill(2) on its group. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (!this.alive) return;
    if (signal === 'SIGKILL') {
      if (this.#troubles.strikes('stuck_in_kernel')) this.#stubborn = 'stuck_in_kernel';
      if (this.#stubborn === 'stuck_in_kernel') return;
      return this.#after(this.#draws.between(0.5, 5), () => this.exit('was ended by SIGKILL'));
    }
    if (this.#troubles.strikes('ignores_sigterm')) this.#stubborn = 'ignores_sigterm';
    if (this.#hung || this.#stubborn !== null) return;
    this.#after(this.#draws.between(1, 200), () => this.exit('was ended by SIGTERM'));
  }

  get hangs(): boolean {
    return this.#hung;
  }

  misbehave(fault: ProcessFault, draws: Draws): void {
    switch (fault) {
      case 'crash':
        return this.#crash();
      case 'hang':
        return this.#hang();
      case 'garbage':
        return this.#onData(Buffer.from('Traceback (most recent call last):\n'));
      case 'torn_frame':
        this.#onData(PONG.subarray(0, PONG.length - 7));
        return this.#crash();
      case 'memory':
        this.memoryFactor = draws.pick([4, 8]);
    }
  }

  #crash(): void {
    this.exit('exited with code 1');
  }

  #hang(): void {
    this.#hung = true;
  }

  exit(how: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.#listener.exited(how);
  }

  #start(): void {
    const fault = this.package.nature === 'broken' ? 'crash_at_start' : this.#troubles.strikesAny(START_FAULTS);
    const startMs = this.#draws.between(30, 400);
    switch (fault) {
      case 'spawn_failed':
        return this.#later(0.5, () => this.exit('could not be started: ENOMEM'));
      case 'crash_at_start':
        return this.#later(startMs, () => this.#crash());
      case 'silent_start':
        return this.#hang();
      case 'start_refused':
        return this.#later(startMs, () => this.#say({ type: 'error', message: 'The GPU is missing.' }));
      case 'foreign_protocol':
        return this.#later(startMs, () => this.#hello(99));
      case 'wrong_info':
        this.#liesOnce = true;
        return this.#later(startMs, () => this.#hello(1));
      case null:
        return this.#later(startMs, () => this.#hello(1));
    }
  }
  #hello(protocol: number): void {
    const { nature } = this.package;
    const capabilities = nature === 'legacy' ? [] : nature === 'stateful' ? ['info', 'reset'] : SDK;
    this.#say({ type: 'hello', sdk_version: '1.0.0', protocol, capabilities });
  }

  #serve(call: Call): void {
    if (call.phase === 'info') return this.#later(this.#draws.between(0.5, 10), () => this.#info());
    const fault = call.phase === 'reset' ? null : this.#troubles.strikesAny(REPLY_FAULTS);
    const workMs = call.phase === 'execute' ? this.#draws.between(5, 60) : this.#draws.between(1, 15);
    const deadlineMs = this.#deadlineOf(call.request_id);
    switch (fault) {
      case null:
        return this.#later(workMs, () => this.#say(this.#resultOf(call)));
      case 'slow_reply':
        return this.#later(deadlineMs * 0.9, () => this.#say(this.#resultOf(call)));
      case 'late_reply':
        return this.#later(deadlineMs + 1, () => this.#say(this.#resultOf(call)));
      case 'duplicate_reply':
        this.#later(workMs, () => this.#say(this.#resultOf(call)));
        return this.#later(workMs + 0.5, () => this.#say(this.#resultOf(call)));
      case 'unknown_reply':
        this.#later(workMs / 2, () =>
          this.#say({ type: 'result', request_id: 'nobody-asked', status: 'OK', data: {} }),
        );
        return this.#later(workMs, () => this.#say(this.#resultOf(call)));
      case 'broken_result':
        return this.#later(workMs, () => this.#say({ ...this.#resultOf(call), status: 'FINE' }));
      case 'recoverable_error':
        return this.#later(workMs, () => this.#say(errorTo(call, 'RecoverableError')));
      case 'fatal_error':
        return this.#later(workMs, () => this.#say(errorTo(call, 'FatalError')));
      case 'crash_in_call':
        return this.#later(workMs, () => this.#crash());
      case 'hang_in_call':
        return this.#hang();
      case 'reply_lost':
        return;
    }
  }

  #resultOf(call: Call): object {
    const { request_id, phase } = call;
    const { nature } = this.package;
    if (nature === 'flaky' && this.#draws.chance(0.08))
      return errorTo(call, this.#draws.pick(['RecoverableError', 'FatalError', 'ProgramError']));
    const isBad = this.#draws.chance(0.1);
    const verdict = isBad
      ? { result_status: 'NG', ng_reason: 'scratch', defect_rects: [{ x: 1, y: 1, width: 4, height: 4 }] }
      : { result_status: 'OK' };
    const count = nature === 'stateful' ? (this.#count += 1) : (call.session?.state?.count ?? 0) + 1;
    return {
      ...{ type: 'result', request_id, status: 'OK', data: phase === 'execute' ? verdict : { count } },
      ...(nature === 'good' || nature === 'flaky' ? { session_state: { count } } : {}),
    };
  }

  #info(): void {
    const { manifest, nature } = this.package;
    const lies = nature === 'liar' || this.#liesOnce;
    this.#say({
      ...{ type: 'result', request_id: 'info', status: 'OK' },
      data: {
        name: manifest.name,
        version: lies ? '0.0.0' : manifest.version,
        supported_pids: manifest.supportedPids,
        steps: manifest.steps.map(({ index, name }) => ({ index, name })),
      },
    });
  }

  #leave(): void {
    const stubborn = this.#troubles.strikesAny(END_FAULTS);
    if (stubborn !== null) this.#stubborn = stubborn;
    if (this.#stubborn !== null) return;
    this.#later(this.#draws.between(0.1, 2), () => this.#say({ type: 'shutdown' }));
    this.#later(this.#draws.between(3, 80), () => this.exit('exited with code 0'));
  }

  #say(message: object): void {
    this.#onData(encodeFrame(message));
  }

  /** Unless it hangs by then. */
  #later(ms: number, work: () => void): void {
    this.#after(ms, () => {
      if (!this.#hung) work();
    });
  }

  #after(ms: number, work: () => void): void {
    this.#clock.setTimeout(() => {
      if (this.alive) work();
    }, ms);
  }
}

const SDK = ['info', 'reset', 'session_state'];

const errorTo = ({ request_id }: Call, error_class: string): object => ({
  ...{ type: 'error', request_id, message: 'It did not work.', error_code: 'E1', error_class },
});
