import { availableParallelism } from 'node:os';
import { RunnerError } from '../../base/errors/index.js';
import { DecodedImage } from '../decoded-image.js';
import type { DecodedFile } from '../decoded-files.js';
import { imageFault } from '../image-fault.js';
import type { RawImage } from '../image.js';
import { DecoderLost, DecoderProcess } from './decoder-process.js';
import type { Decoded, Encoded } from './decoder-process.js';
import type { DecodeRequest } from './decode-bytes.js';

export interface DecoderPoolOptions {
  /** Processes that decode at a time; one core is left to calls; at least 1, at most 4. They start when they are needed. */
  readonly decoders?: number;
}

interface Job {
  readonly encoded: Encoded;
  readonly request: DecodeRequest;
  /** Decoders that were lost over it. */
  losses: number;
  /** A file for the pixels, when it is its turn; null where they go into memory. */
  takeFile: () => DecodedFile | null;
  /** Its caller waits no longer. */
  isSettled: boolean;
  resolve(decoded: Decoded, file: DecodedFile | null): void;
  reject(error: Error): void;
}

interface Wanted<Image> {
  readonly signal: AbortSignal | undefined;
  readonly takeFile: () => DecodedFile | null;
  readonly imageOf: (decoded: Decoded, file: DecodedFile | null) => Image;
}

const WAITING_MAX = 256;
/** A decoder may be lost for reasons of its own, such as short memory; an image that takes two with it is refused. */
const LOSSES_MAX = 2;
/** What was needed for a rush is given back soon, what a line needs now and then is kept. */
const EXTRA_IDLE_MS = 10_000;
const LAST_IDLE_MS = 600_000;

const DEFAULT_DECODERS = Math.min(4, Math.max(1, availableParallelism() - 1));

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
    return this.#submit(encoded, request, { signal, takeFile: inMemory, imageOf: (decoded) => decoded });
  }

  /** As `decode`; the pixels go into a file where one is free when it is the image's turn. @throws RunnerError as `decode` */
  decodeInto(
    takeFile: () => DecodedFile | null,
    encoded: Encoded,
    request: DecodeRequest,
    signal?: AbortSignal,
  ): Promise<RawImage | DecodedImage> {
    const again = () => this.decode(encoded, request);
    return this.#submit<RawImage | DecodedImage>(encoded, request, {
      signal,
      takeFile,
      imageOf: (decoded, file) => (file === null ? decoded : new DecodedImage({ ...decoded, file, again })),
    });
  }

  #submit<Image>(encoded: Encoded, request: DecodeRequest, wanted: Wanted<Image>): Promise<Image> {
    const { signal, takeFile, imageOf } = wanted;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closed());
      if (signal?.aborted === true) return reject(cancelled());
      if (this.#waiting.length >= WAITING_MAX) return reject(tooMany());
      const abort = (): void => {
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        job.reject(cancelled());
      };
      const settled = (): void => {
        job.isSettled = true;
        signal?.removeEventListener('abort', abort);
      };
      const job: Job = {
        encoded,
        request,
        takeFile,
        losses: 0,
        isSettled: false,
        resolve: (decoded, file) => (settled(), resolve(imageOf(decoded, file))),
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
    const file = job.takeFile();
    try {
      const decoded = await process.decode(job.encoded, job.request, file);
      if (job.isSettled) file?.giveBack();
      else job.resolve(decoded, file);
    } catch (error) {
      file?.discard();
      if (error instanceof DecoderLost) this.#retry(job, error);
      else if (file !== null && isFull(error)) this.#inMemory(job);
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

  /** Where the memory of segments is full, ordinary memory may do. */
  #inMemory(job: Job): void {
    job.takeFile = inMemory;
    this.#waiting.unshift(job);
  }

  #rest(process: DecoderProcess): void {
    const idleMs = this.#idle.length === 0 ? LAST_IDLE_MS : EXTRA_IDLE_MS;
    const timer = setTimeout(() => process.end(), idleMs);
    timer.unref();
    this.#idle.push({ process, timer });
  }
}

const inMemory = () => null;

const isFull = (error: unknown): boolean => error instanceof RunnerError && error.faultName === 'image_pool_full';

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
