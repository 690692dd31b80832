import type { OsCommand } from '../../../machines/process.events.js';
import { showValue } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import {
  callText,
  CAPABILITIES,
  createFrameDecoder,
  encodeFrame,
  infoMessage,
  infoOf,
  memberText,
  judgeReply,
  withFittingState,
  readHello,
  roundedIn,
} from '../../protocol/index.js';
import type { Message } from '../../protocol/index.js';
import type { PendingCall } from '../calls.js';
import { systemClock } from '../../platform/index.js';
import type { Clock } from '../../platform/index.js';
import { callAnswered } from './call-answered.js';
import { CallInFlight } from './call-in-flight.js';
import { encodeCall } from './encode-call.js';
import type { Evidence } from './evidence.js';
import {
  callUnsendable,
  executeOnly,
  floodOfMessages,
  inputUnread,
  noAnswer,
  startRefused,
  UNASKED,
  unaskedUnits,
} from './pipe-faults.js';
import { Outbox } from './outbox.js';
import type { PipeOptions } from './pipe-options.js';
import { placeImage } from './place-image.js';
import { TokenBucket } from './token-bucket.js';

/**
 * The conversation with one process: frames out, frames in, the deadline of the call in flight.
 *
 * INVARIANTS
 * - It reports and never decides: what follows from a hello, a fault or an overdue call is the machine's business.
 * - An answer counts only for the attempt in flight; anything else is dropped and reported (contract §6).
 * - Neither side can fill the Runner's memory or time: what waits to be read is bounded, and so is what comes unasked.
 * - A stream that breaks is reported once; nothing is read from it afterwards.
 */
export class Pipe {
  readonly #options: PipeOptions;
  readonly #call: CallInFlight;
  readonly #outbox: Outbox;
  readonly #decoder;
  readonly #clock: Clock;
  readonly #unasked: TokenBucket;
  readonly #spawnedMs: number;
  readonly #key: string;
  #carriesState = false;
  #greeted = false;
  #ready = false;
  #faulted = false;
  #ended = false;
  #pings = 0;

  constructor(options: PipeOptions) {
    this.#options = options;
    this.#key = options.input.key;
    this.#clock = options.clock ?? systemClock;
    this.#unasked = new TokenBucket(UNASKED, this.#clock);
    this.#spawnedMs = this.#clock.awakeMs();
    this.#call = new CallInFlight((callId) => this.#overdue(callId), this.#clock);
    this.#outbox = new Outbox(options.stdin, options.frameBytesMax);
    this.#decoder = createFrameDecoder({
      bytesMax: options.frameBytesMax,
      onMessage: (message, body) => this.#read(message, body),
      onFault: (reason) => this.#fault(reason),
    });
    options.stdout.on('data', (chunk: Buffer) => this.#decoder.push(chunk));
    options.stdout.on('error', () => undefined);
  }

  /** Whose words a line of standard error that is read now are, in the wire form of logs. */
  get speaker(): { readonly session_id: string; readonly pid: string } | null {
    const call = this.#call.speaking;
    return call === null ? null : { session_id: call.flow_id, pid: call.pid };
  }

  /** The call that has been running ever since this monotonic time; 0 when none has. */
  callSince(ms: number): number {
    return this.#call.since(ms);
  }

  get evidence(): Evidence {
    const { last } = this.#call;
    const { waitingBytes } = this.#outbox;
    return {
      last_stderr: this.#options.lastWords(),
      ...(last === null ? {} : { last_call: last }),
      ...(waitingBytes === 0 ? {} : { unread_bytes: waitingBytes }),
    };
  }

  /** What the stream ended in: a fault when in mid-frame. */
  end(): Fault | null {
    this.#ended = true;
    this.#call.dispose();
    return this.#decoder.end();
  }

  send(command: Exclude<OsCommand, { type: 'group.signal' | 'group.abandon' }>): void {
    switch (command.type) {
      case 'hello.send':
        return this.#write({ type: 'hello', timestamp_ms: this.#clock.wallMs(), ...this.#options.hello });
      case 'info.send':
        return this.#write(infoMessage(this.#clock.wallMs()));
      case 'ping.send':
        this.#pings += 1;
        return this.#write({ type: 'ping', request_id: `ping-${this.#pings}`, timestamp_ms: this.#clock.wallMs() });
      case 'call.send':
        return this.#sendCall(command.callId);
      case 'shutdown.send':
        return this.#write({ type: 'shutdown', timestamp_ms: this.#clock.wallMs() });
    }
  }

  #sendCall(callId: number): void {
    const call = this.#options.calls.get(callId);
    if (call === undefined) return;
    call.osPid = this.#options.osPid;
    const requestId = this.#call.begin(call);
    this.#call.startClock(call.deadlineMs);
    placeImage(this.#options.images, call, {
      isAwaited: () => !this.#faulted && !this.#ended && this.#call.isAnsweredBy(requestId),
      onPlaced: () => this.#send(call, requestId),
      onRefused: (why) => this.#refuse(call, why),
    });
  }

  #send(call: PendingCall, requestId: string): void {
    const state = this.#carriesState ? call.state : null;
    const write = (): string => callText(call.fields, this.#clock.wallMs(), state, requestId);
    const frame = encodeCall(write, this.#options.frameBytesMax);
    if (typeof frame === 'string') return this.#refuse(call, callUnsendable(frame));
    if (!this.#outbox.write(frame)) this.#fault(inputUnread(this.#key, this.#outbox.waitingBytes));
  }

  /** Answered here: the process would have to take it for a broken stream. */
  #refuse(call: PendingCall, why: Fault): void {
    call.reply = {
      outcome: 'error',
      fault: why,
      errorCode: null,
      errorClass: null,
      sessionState: null,
    };
    this.#options.report({ type: 'call.answered', callId: this.#call.settle('duplicate'), outcome: 'error' });
  }

  /** A small message; one that does not reach a process that reads nothing is noticed by the deadline of its answer. */
  #write(message: Message): void {
    if (this.#outbox.write(encodeFrame(message))) return;
    this.#options.warn(
      `${message.type} was not sent: ${this.#outbox.waitingBytes} bytes sent before were not read yet`,
    );
  }

  #read(message: Message, body: Buffer): void {
    if (this.#faulted) return;
    const isAnswer = message.type === 'result' || message.type === 'error';
    if (isAnswer && this.#call.isAnsweredBy(message['request_id'])) return this.#answer(message, body);
    if (!this.#unasked.take(unaskedUnits(body.length))) return this.#fault(floodOfMessages(this.#key, message));
    switch (message.type) {
      case 'result':
      case 'error':
        return this.#offTheRecord(message);
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
    const refused = executeOnly(this.#key, hello);
    if (refused !== null) return this.#options.report({ type: 'start.refused', fault: refused });
    const isolation = this.#options.onHello(hello);
    this.#carriesState = hello.capabilities.includes(CAPABILITIES.sessionState);
    this.#options.report({
      type: 'hello.received',
      protocol: hello.protocol,
      announcesInfo: hello.capabilities.includes(CAPABILITIES.info),
      sdkVersion: hello.sdkVersion,
      afterMs: Math.round(this.#clock.awakeMs() - this.#spawnedMs),
      ...(isolation === undefined ? {} : { isolation }),
    });
  }

  #answer(message: Message, body: Buffer): void {
    const call = this.#options.calls.get(this.#call.id);
    if (call === undefined) return this.#drop(`${this.#call.id}`);
    const { osPid, input, frameBytesMax, undecoded } = this.#options;
    const state = 'session_state' in message ? memberText(body, 'session_state') : null;
    const judged = judgeReply(message, call.phase, call.image, { undecoded, state, rounded: roundedIn(body) });
    call.reply = this.#carriesState ? withFittingState(judged, frameBytesMax) : judged;
    call.servedBy = { osPid, slot: input.slot, carriesState: this.#carriesState };
    this.#options.report(callAnswered(this.#call.settle('duplicate'), call.reply, call.phase, input.failuresMax));
  }

  /** An answer to no call in flight: to `info`, to nothing (a failed start), or one that is to be dropped. */
  #offTheRecord(message: Message): void {
    const requestId = typeof message['request_id'] === 'string' ? message['request_id'] : '';
    if (!this.#ready && requestId === 'info' && message.type === 'result') {
      this.#ready = true;
      const mismatches = this.#options.judgeInfo(infoOf(message['data']));
      return this.#options.report({ type: 'info.received', mismatches });
    }
    if (this.#ready || message.type === 'result' || this.#call.id !== 0) return this.#drop(requestId);
    this.#options.report({ type: 'start.refused', fault: startRefused(this.#key, message, this.evidence) });
  }

  #drop(requestId: string): void {
    const reason = this.#call.reasonToDrop(requestId);
    this.#options.warn(`a reply to ${showValue(requestId)} was dropped: ${reason}`);
    this.#options.report({ type: 'reply.dropped', requestId: requestId.slice(0, 100), reason });
  }

  #overdue(callId: number): void {
    const call = this.#options.calls.get(callId);
    if (call === undefined || callId !== this.#call.id) return;
    const why = noAnswer(this.#key, call, this.evidence);
    this.#call.settle('late');
    this.#options.report({ type: 'call.overdue', callId, fault: why });
  }

  #fault(reason: Fault): void {
    this.#faulted = true;
    this.#call.dispose();
    const why = { ...reason, details: { ...reason.details, ...this.evidence } };
    this.#options.report({ type: 'stream.faulted', fault: why });
  }
}
