import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { OPENED } from './protocol.js';
import type { Numbers, Reply } from './protocol.js';

/** Which program of dist/bench a side runs, with what, and where. */
export interface SideSpec {
  /** `sides/runner-calls`, `floors/memcpy`: a module that calls `serveSide`. */
  readonly program: string;
  readonly options: object;
  /** What stands before the command: the pinning to one core. */
  readonly prefix: readonly string[];
  readonly nodeFlags: readonly string[];
  /** Ends the waiting for an answer; the side itself ends in order. */
  readonly signal: AbortSignal;
}

type Asked = { readonly do: 'round'; readonly size: number } | { readonly do: 'facts' } | { readonly do: 'close' };

const ANSWER_LIMIT_MS = 180_000;
const EXIT_LIMIT_MS = 30_000;

/** A side's process, seen from the benchmark. */
export class Side {
  readonly #spec: SideSpec;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, { resolve(numbers: Numbers): void; reject(error: Error): void }>();
  #lastId = OPENED;

  private constructor(spec: SideSpec) {
    const { program, options, prefix, nodeFlags } = spec;
    const script = fileURLToPath(new URL(`../${program}.js`, import.meta.url));
    const node = [process.execPath, ...nodeFlags, script, JSON.stringify(options)];
    const [command = process.execPath, ...args] = [...prefix, ...node];
    this.#spec = spec;
    this.#child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (reply: Reply) => this.#take(reply));
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#fail(`it ended with ${signal ?? `code ${code}`}`);
        resolve();
      });
    });
  }

  /** Resolves when the side has opened what it measures. */
  static async start(spec: SideSpec): Promise<Side> {
    const side = new Side(spec);
    try {
      await side.#answerTo(OPENED, spec.signal);
      return side;
    } catch (error) {
      await side.stop();
      throw error;
    }
  }

  round(size: number): Promise<Numbers> {
    return this.#ask({ do: 'round', size }, this.#spec.signal);
  }

  facts(): Promise<Numbers> {
    return this.#ask({ do: 'facts' }, this.#spec.signal);
  }

  /** Ends the process, by force if need be; nothing of it is left. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), EXIT_LIMIT_MS);
    await this.#ask({ do: 'close' }).catch(() => child.connected && child.disconnect());
    await this.#exited;
    clearTimeout(timer);
  }

  #ask(what: Asked, signal?: AbortSignal): Promise<Numbers> {
    const id = ++this.#lastId;
    const answer = this.#answerTo(id, signal);
    this.#child.send({ id, ...what }, (error) => error && this.#fail(error.message));
    return answer;
  }

  #answerTo(id: number, signal?: AbortSignal): Promise<Numbers> {
    return new Promise<Numbers>((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(`no answer within ${ANSWER_LIMIT_MS / 1000} s`), ANSWER_LIMIT_MS);
      const aborted = (): void => this.#waiting.get(id)?.reject(new Error('interrupted'));
      const settled = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', aborted);
        this.#waiting.delete(id);
      };
      signal?.addEventListener('abort', aborted);
      this.#waiting.set(id, {
        resolve: (numbers) => (settled(), resolve(numbers)),
        reject: (error) => (settled(), reject(error)),
      });
      if (signal?.aborted === true) aborted();
    });
  }

  #take(reply: Reply): void {
    const waiting = this.#waiting.get(reply.to);
    if ('numbers' in reply) waiting?.resolve(reply.numbers);
    else waiting?.reject(this.#failure(reply.failed));
  }

  #fail(reason: string): void {
    for (const waiting of [...this.#waiting.values()]) waiting.reject(this.#failure(reason));
  }

  #failure(reason: string): Error {
    return new Error(`the side ${this.#spec.program} failed: ${reason}`);
  }
}

/** Starts the sides one after the other, and ends them whatever comes of the work. */
export async function withSides<T>(
  specs: readonly SideSpec[],
  work: (sides: readonly Side[]) => Promise<T>,
): Promise<T> {
  const sides: Side[] = [];
  try {
    for (const spec of specs) sides.push(await Side.start(spec));
    return await work(sides);
  } finally {
    for (const side of sides.reverse()) await side.stop();
  }
}
