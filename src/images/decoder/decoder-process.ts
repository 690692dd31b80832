import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { RunnerError } from '../../base/errors/index.js';
import type { DecodedFile } from '../decoded-files.js';
import { beyondLimit } from '../image-fault.js';
import type { DecodeRequest } from './decode-bytes.js';
import type { DecodedShape, FromDecoder } from './messages.js';
import { Scratch } from './scratch.js';

/** What is decoded: a file by its absolute path, or a file's bytes. */
export type Encoded = { readonly path: string } | { readonly bytes: Uint8Array };

/** The decoder ended before it answered. `started`: it was ready once, so the image may be why. */
export class DecoderLost extends Error {
  override readonly name = 'DecoderLost';

  constructor(
    message: string,
    readonly started: boolean,
  ) {
    super(message);
  }
}

/** @property data none where the pixels went into a file */
export interface Decoded extends DecodedShape {
  readonly data: Uint8Array;
}

const NO_PIXELS = new Uint8Array(0);
const START_MS = 30_000;

/** Tests run the sources as they are; a process of its own runs what was built of them. */
const PROGRAM = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/src/images/decoder/decoder-program.js', import.meta.url)
  : new URL('./decoder-program.js', import.meta.url);

/**
 * One process that decodes, as its Runner sees it.
 *
 * INVARIANTS
 * - One image at a time: the caller waits for one before it sends the next.
 * - An image that takes longer than it may ends the process; what it was asked then fails, and nothing else does.
 * - It holds nobody's event loop open while it has nothing to do.
 */
export class DecoderProcess {
  readonly #scratch = new Scratch();
  readonly #child: ChildProcess;
  readonly #started: Promise<FromDecoder>;
  #settle: ((answer: FromDecoder | DecoderLost) => void) | undefined;
  #isBusy = false;
  #hasStarted = false;
  #lost: DecoderLost | undefined;
  /** Called once, when it has ended. */
  onEnd: () => void = () => undefined;

  /** @throws Error where not even a process or a file can be made */
  constructor() {
    try {
      this.#child = fork(PROGRAM, [], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc', this.#scratch.fd],
        serialization: 'advanced',
        execArgv: [],
        // Nothing of the host's: neither its secrets nor its options of Node.
        env: { MALLOC_ARENA_MAX: '2' },
      });
    } catch (error) {
      this.#scratch.close();
      throw error;
    }
    this.#child.on('message', (answer: FromDecoder) => this.#settle?.(answer));
    this.#child.on('error', ({ message }) => this.#end(message));
    this.#child.on('exit', (code, signal) => this.#end(signal ?? `exit code ${code}`));
    this.#started = this.#answer(START_MS, () => new DecoderLost('it did not start in time', false));
    this.#started.catch(() => undefined);
    this.#hold(false);
  }

  /**
   * @param into where the pixels go; into memory when null
   * @throws RunnerError image_load_failed, image_pool_full; DecoderLost
   */
  async decode(encoded: Encoded, request: DecodeRequest, into: DecodedFile | null): Promise<Decoded> {
    this.#hold(true);
    try {
      await this.#started;
      this.#hasStarted = true;
      const source = 'path' in encoded ? encoded : { byteLength: encoded.bytes.length };
      if ('bytes' in encoded) await this.#scratch.put(encoded.bytes);
      const answered = this.#answer(request.decodeMs, () => tookTooLong(request));
      if (this.#lost === undefined) this.#child.send({ ...request, source, into: into?.path ?? null }, () => undefined);
      const answer = await answered;
      if ('fault' in answer) throw RunnerError.from(answer.fault);
      if (!('width' in answer)) throw new DecoderLost('it answered what it was not asked', true);
      into?.written(answer);
      const { width, height, channels } = answer;
      const data = into === null ? await this.#scratch.take(width * height * channels) : NO_PIXELS;
      await this.#scratch.trim();
      return { ...answer, data };
    } finally {
      this.#hold(false);
    }
  }

  /** At once, whatever it is doing. */
  end(): void {
    this.#child.kill('SIGKILL');
    this.#end('it was ended');
  }

  /** The next answer. @throws DecoderLost, or what `late` makes; the process is ended then */
  #answer(withinMs: number, late: () => Error): Promise<FromDecoder> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) return reject(this.#lost);
      const settle = (answer: FromDecoder | Error): void => {
        clearTimeout(timer);
        this.#settle = undefined;
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      };
      const judge = (): void => {
        if (this.#settle !== settle) return;
        settle(late());
        this.end();
      };
      // A host that was busy itself first reads what has come meanwhile.
      const timer = setTimeout(() => setImmediate(() => setImmediate(judge)), withinMs);
      timer.unref(); // the child holds the loop while it is waited for
      this.#settle = settle;
    });
  }

  #end(reason: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = new DecoderLost(reason, this.#hasStarted);
    this.#settle?.(this.#lost);
    if (!this.#isBusy) this.#scratch.close();
    this.onEnd();
  }

  #hold(isBusy: boolean): void {
    this.#isBusy = isBusy;
    if (isBusy) {
      this.#child.ref();
      this.#child.channel?.ref();
      return;
    }
    this.#child.unref();
    this.#child.channel?.unref();
    if (this.#lost !== undefined) this.#scratch.close();
  }
}

const tookTooLong = ({ decodeMs }: DecodeRequest) =>
  beyondLimit(`decoding it took longer than ${decodeMs} ms`, 'decodeMs', decodeMs);
