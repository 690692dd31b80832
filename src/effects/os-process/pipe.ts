import type { Readable, Writable } from 'node:stream';
import type { OsCommand, OsEvent, OsProcessInput } from '../../../machines/process.events.js';
import { fault, showValue } from '../../errors/index.js';
import type { Fault } from '../../errors/index.js';
import {
  callMessage,
  CAPABILITIES,
  compareInfo,
  createFrameDecoder,
  encodeFrame,
  judgeReply,
  readErrorFrame,
  readHello,
} from '../../protocol/index.js';
import type { Declared, Hello, Message, RunnerHello } from '../../protocol/index.js';
import type { CallTable, PendingCall } from '../calls.js';
import { CallClock } from './call-clock.js';

/**
 * The conversation with one process: frames out, frames in, the deadline of the call in flight.
 *
 * INVARIANTS
 * - It reports and never decides: what follows from a hello, a fault or an overdue call is the machine's business.
 * - An answer counts only for the call in flight; anything else is dropped and reported (contract §6).
 * - A stream that breaks is reported once; writing to it afterwards does nothing.
 */
export interface PipeOptions {
  readonly input: OsProcessInput;
  readonly osPid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly calls: CallTable;
  readonly declared: Declared;
  readonly hello: RunnerHello;
  readonly frameBytesMax: number;
  readonly onHello: (hello: Hello) => void;
  readonly report: (event: OsEvent) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

const SETTLED_KEPT = 64;

export class Pipe {
  readonly #options: PipeOptions;
  readonly #clock: CallClock;
  /** The call in flight, 0 while there is none. */
  #callId = 0;
  #carriesState = false;
  #greeted = false;
  #ready = false;
  #broken = false;
  #pings = 0;
  /** Calls lately settled here, to name the reason of a dropped reply: negative when their deadline had passed. */
  readonly #settled = new Float64Array(SETTLED_KEPT);
  #settledCount = 0;
  readonly #decoder;

  constructor(options: PipeOptions) {
    this.#options = options;
    this.#clock = new CallClock((callId) => this.#overdue(callId));
    this.#decoder = createFrameDecoder({
      bytesMax: options.frameBytesMax,
      onMessage: (message) => this.#read(message),
      onFault: (reason) => this.#fault(reason),
    });
    options.stdout.on('data', (chunk: Buffer) => this.#decoder.push(chunk));
    options.stdout.on('error', () => undefined);
    options.stdin.on('error', () => (this.#broken = true));
  }

  /** The call in flight, for the log. */
  get callId(): number {
    return this.#callId;
  }

  /** What the stream ended in: a fault when in mid-frame. */
  end(): Fault | null {
    this.#clock.dispose();
    return this.#decoder.end();
  }

  send(command: Exclude<OsCommand, { type: 'group.signal' | 'group.abandon' }>): void {
    switch (command.type) {
      case 'hello.send':
        return this.#write({ type: 'hello', timestamp_ms: Date.now(), ...this.#options.hello });
      case 'info.send':
        return this.#write({
          type: 'call',
          request_id: 'info',
          timestamp_ms: Date.now(),
          phase: 'info',
          method: 'info',
          data: { phase: 'info', method: 'info' },
        });
      case 'ping.send':
        this.#pings += 1;
        return this.#write({ type: 'ping', request_id: `ping-${this.#pings}`, timestamp_ms: Date.now() });
      case 'call.send':
        return this.#sendCall(command.callId);
      case 'shutdown.send':
        return this.#write({ type: 'shutdown', timestamp_ms: Date.now() });
    }
  }

  #sendCall(callId: number): void {
    const call = this.#options.calls.get(callId);
    if (call === undefined) return;
    this.#callId = callId;
    const frame = tryEncode(callMessage(call.fields, Date.now(), this.#carriesState ? call.state : null));
    if (frame === null) return this.#refuse(call, 'The call cannot be written as JSON.');
    const limit = this.#options.frameBytesMax;
    if (frame.length > limit)
      return this.#refuse(call, `The call would be a frame of ${frame.length} bytes; the cap is ${limit}.`);
    this.#clock.start(callId, call.deadlineMs);
    this.#send(frame);
  }

  /** Answered here: the process would have to take it for a broken stream. */
  #refuse(call: PendingCall, message: string): void {
    const why = fault('invalid_params', message, {
      hint: 'Keep parameters, context and session state small and plain; images travel through shared memory.',
    });
    call.reply = { outcome: 'error', fault: why, errorCode: null, errorClass: null, sessionState: null };
    this.#options.report({ type: 'call.answered', callId: this.#settle('duplicate'), outcome: 'error' });
  }

  #write(message: object): void {
    this.#send(encodeFrame(message));
  }

  #send(frame: Buffer): void {
    if (!this.#broken) this.#options.stdin.write(frame);
  }

  #read(message: Message): void {
    switch (message.type) {
      case 'result':
      case 'error':
        return this.#answer(message);
      case 'pong':
        return this.#options.report({ type: 'pong.received' });
      case 'hello':
        return this.#greet(message);
      case 'shutdown':
        return this.#options.report({ type: 'shutdown.acknowledged' });
      default:
        return this.#options.warn(`a message of unknown type ${showValue(message.type)} was ignored`);
    }
  }

  #greet(message: Message): void {
    if (this.#greeted) return this.#options.warn('a second hello was ignored');
    this.#greeted = true;
    const hello = readHello(message);
    for (const warning of hello.warnings) this.#options.warn(warning);
    this.#options.onHello(hello);
    this.#carriesState = hello.capabilities.includes(CAPABILITIES.sessionState);
    this.#options.report({
      type: 'hello.received',
      protocol: hello.protocol,
      announcesInfo: hello.capabilities.includes(CAPABILITIES.info),
      sdkVersion: hello.sdkVersion,
    });
  }

  #answer(message: Message): void {
    const requestId = typeof message['request_id'] === 'string' ? message['request_id'] : '';
    const call = this.#callId === 0 ? undefined : this.#options.calls.get(this.#callId);
    if (call === undefined || requestId !== call.fields.requestId) return this.#offTheRecord(message, requestId);
    this.#clock.stop();
    const reply = judgeReply(message, call.phase, call.image);
    call.reply = reply;
    call.servedBy = { osPid: this.#options.osPid, carriesState: this.#carriesState };
    const callId = this.#settle('duplicate');
    const fatal = reply.outcome === 'error' && reply.errorClass === 'FatalError';
    this.#options.report(
      fatal
        ? { type: 'call.answered', callId, outcome: reply.outcome, fatal: true }
        : { type: 'call.answered', callId, outcome: reply.outcome },
    );
  }

  /** An answer to no call in flight: to `info`, to nothing (a failed start), or one that is to be dropped. */
  #offTheRecord(message: Message, requestId: string): void {
    if (!this.#ready && requestId === 'info' && message.type === 'result') {
      this.#ready = true;
      const mismatches = compareInfo(message['data'], this.#options.declared);
      return this.#options.report({ type: 'info.received', mismatches });
    }
    if (!this.#ready && message.type === 'error' && this.#callId === 0) {
      const { message: text, errorCode, errorClass } = readErrorFrame(message);
      const code = errorCode === null ? '' : ` ${errorCode}`;
      return this.#options.report({
        type: 'start.refused',
        fault: fault('start_failed', `${this.#options.input.key} refused to start with error${code}: ${text}`, {
          details: { error_code: errorCode, error_class: errorClass },
        }),
      });
    }
    const reason = this.#reasonToDrop(requestId);
    this.#options.warn(`a reply to ${showValue(requestId)} was dropped: ${reason}`);
    this.#options.report({ type: 'reply.dropped', requestId: requestId.slice(0, 100), reason });
  }

  #overdue(callId: number): void {
    const call = this.#options.calls.get(callId);
    if (call === undefined || callId !== this.#callId) return;
    this.#settle('late');
    const { key } = this.#options.input;
    const why = fault('timeout', `${key} did not answer ${call.phase} within ${call.deadlineMs} ms.`, {
      details: { phase: call.phase, deadline_ms: call.deadlineMs, step_index: call.fields.stepIndex, pid: call.pid },
    });
    this.#options.report({ type: 'call.overdue', callId, fault: why });
  }

  #settle(later: 'late' | 'duplicate'): number {
    const callId = this.#callId;
    this.#callId = 0;
    this.#settled[this.#settledCount++ % SETTLED_KEPT] = later === 'late' ? -callId : callId;
    return callId;
  }

  #reasonToDrop(requestId: string): 'late' | 'duplicate' | 'unknown' {
    const callId = Number(requestId);
    if (!(callId > 0)) return 'unknown';
    if (this.#settled.includes(-callId)) return 'late';
    return this.#settled.includes(callId) ? 'duplicate' : 'unknown';
  }

  #fault(reason: Fault): void {
    this.#clock.stop();
    this.#options.report({ type: 'stream.faulted', fault: reason });
  }
}

/** null for what JSON cannot hold: a cycle, or values nested too deep. */
function tryEncode(message: object): Buffer | null {
  try {
    return encodeFrame(message);
  } catch {
    return null;
  }
}
