import { availableParallelism } from 'node:os';
import { RunnerError } from '../../errors/index.js';
import { imageFault } from '../image-fault.js';
import type { RawImage } from '../image.js';
import { DecoderLost, DecoderProcess } from './decoder-process.js';
import type { Encoded } from './decoder-process.js';
import type { DecodeRequest } from './decode-bytes.js';

export interface DecoderPoolOptions {
  /** Processes that decode at a time; as many as cores, at least 1 and at most 4. They start when they are needed. */
  readonly decoders?: number;
}

interface Job {
  readonly encoded: Encoded;
  readonly request: DecodeRequest;
  /** Decoders that were lost over it. */
  losses: number;
  resolve(image: RawImage): void;
  reject(error: Error): void;
}

const WAITING_MAX = 256;
/** A decoder may be lost for reasons of its own, such as short memory; an image that takes two with it is refused. */
const LOSSES_MAX = 2;
/** What was needed for a rush is given back soon, what a line needs now and then is kept. */
const EXTRA_IDLE_MS = 10_000;
const LAST_IDLE_MS = 600_000;

const DEFAULT_DECODERS = Math.min(4, Math.max(1, availableParallelism()));

/**
 * Decodes images in processes of their own, one image each at a time, the rest in the order they came.
 *
 * INVARIANTS
 * - An image is decoded, refused, or the pool is closed: every promise settles.
 * - A hostile image costs its own call, at most `decodeMs` of one decoder, and that decoder.
 */
export class DecoderPool {
  readonly #size: number;
  readonly #waiting: Job[] = [];
  readonly #idle: { readonly process: DecoderProcess; readonly timer: NodeJS.Timeout }[] = [];
  readonly #all = new Set<DecoderProcess>();
  #isClosed = false;

  constructor({ decoders = DEFAULT_DECODERS }: DecoderPoolOptions = {}) {
    this.#size = decoders;
  }

  /**
   * @throws RunnerError image_load_failed; queue_full when too many wait; host_unfit where no decoder starts;
   *   image_pool_full when memory is full; runner_closed; call_cancelled when the signal says so
   */
  decode(encoded: Encoded, request: DecodeRequest, signal?: AbortSignal): Promise<RawImage> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closed());
      if (signal?.aborted === true) return reject(cancelled());
      if (this.#waiting.length >= WAITING_MAX) return reject(tooMany());
      const abort = (): void => {
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(cancelled());
      };
      const settled = (): void => signal?.removeEventListener('abort', abort);
      const job: Job = {
        encoded,
        request,
        losses: 0,
        resolve: (image) => (settled(), resolve(image)),
        reject: (error) => (settled(), reject(error)),
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(job);
      this.#dispatch();
    });
  }

  /** Ends the decoders; what is under way or waiting is refused. */
  close(): void {
    this.#isClosed = true;
    for (const job of this.#waiting.splice(0)) job.reject(closed());
    for (const process of this.#all) process.end();
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const process = this.#free();
      if (process === undefined) return;
      const job = this.#waiting.shift();
      if (job !== undefined) void this.#run(process, job);
    }
  }

  /** The one that rested last is warm in the cache. */
  #free(): DecoderProcess | undefined {
    const rested = this.#idle.pop();
    if (rested !== undefined) {
      clearTimeout(rested.timer);
      return rested.process;
    }
    if (this.#all.size >= this.#size) return undefined;
    try {
      return this.#start();
    } catch (error) {
      // Others will come free; where there are none, nobody else can tell the waiting.
      if (this.#all.size === 0) for (const job of this.#waiting.splice(0)) job.reject(cannotStart(error));
      return undefined;
    }
  }

  #start(): DecoderProcess {
    const process = new DecoderProcess();
    this.#all.add(process);
    process.onEnd = () => {
      this.#all.delete(process);
      const at = this.#idle.findIndex((rested) => rested.process === process);
      if (at >= 0) clearTimeout(this.#idle.splice(at, 1)[0]?.timer);
    };
    return process;
  }

  async #run(process: DecoderProcess, job: Job): Promise<void> {
    try {
      job.resolve(await process.decode(job.encoded, job.request));
    } catch (error) {
      if (error instanceof DecoderLost) this.#retry(job, error);
      else job.reject(error instanceof Error ? error : new Error(String(error)));
      // What the file system refused may go on being refused: a new process has a new scratch file.
      if (!(error instanceof RunnerError)) process.end();
    }
    if (this.#all.has(process)) this.#rest(process);
    this.#dispatch();
  }

  #retry(job: Job, { message, started }: DecoderLost): void {
    job.losses += 1;
    if (this.#isClosed) job.reject(closed());
    else if (job.losses < LOSSES_MAX) this.#waiting.unshift(job);
    else if (started) job.reject(imageFault(`decoding it ended the decoder (${message})`));
    else job.reject(cannotStart(message));
  }

  #rest(process: DecoderProcess): void {
    const idleMs = this.#idle.length === 0 ? LAST_IDLE_MS : EXTRA_IDLE_MS;
    const timer = setTimeout(() => process.end(), idleMs);
    timer.unref();
    this.#idle.push({ process, timer });
  }
}

const closed = () => new RunnerError('runner_closed', 'The Runner is closed; its images are not decoded any more.');

const cancelled = () => new RunnerError('call_cancelled', 'The call was given up while its image was being decoded.');

const tooMany = () =>
  new RunnerError('queue_full', `${WAITING_MAX} images wait for being decoded already.`, {
    hint: 'Cameras send more than is decoded: send fewer, smaller or raw images, or raise images.decoders.',
  });

function cannotStart(error: unknown): RunnerError {
  const reason = error instanceof Error ? error.message : String(error);
  return new RunnerError('host_unfit', `No process that decodes images can be started: ${reason}.`, {
    hint: 'Look whether the host has processes, descriptors and memory left; `procvision doctor` tries one.',
    cause: error,
  });
}
