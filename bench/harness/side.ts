import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Numbers, Reply, Request } from './protocol.js';

/** Which program of dist/bench a side runs, with what, and where. */
export interface SideSpec {
  /** `sides/runner-calls`, `floors/memcpy`: a module that calls `serveSide`. */
  readonly program: string;
  readonly options: object;
  /** What stands before the command: the pinning to one core. */
  readonly prefix: readonly string[];
  readonly nodeFlags: readonly string[];
}

const ANSWER_LIMIT_MS = 180_000;
const EXIT_LIMIT_MS = 20_000;

/** A side's process, seen from the benchmark. */
export class Side {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #waiting: { resolve(numbers: Numbers): void; reject(error: Error): void } | undefined;

  private constructor({ program, options, prefix, nodeFlags }: SideSpec) {
    this.#name = program;
    const script = fileURLToPath(new URL(`../${program}.js`, import.meta.url));
    const [command = process.execPath, ...args] = [
      ...prefix,
      process.execPath,
      ...nodeFlags,
      script,
      JSON.stringify(options),
    ];
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
      await side.#answer();
      return side;
    } catch (error) {
      await side.stop();
      throw error;
    }
  }

  round(size: number): Promise<Numbers> {
    return this.#ask({ do: 'round', size });
  }

  facts(): Promise<Numbers> {
    return this.#ask({ do: 'facts' });
  }

  /** Ends the process, by force if need be; nothing of it is left. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), EXIT_LIMIT_MS);
    await this.#ask({ do: 'close' }).catch(() => child.kill('SIGTERM'));
    await this.#exited;
    clearTimeout(timer);
  }

  #ask(request: Request): Promise<Numbers> {
    const answer = this.#answer();
    this.#child.send(request, (error) => error && this.#fail(error.message));
    return answer;
  }

  #answer(): Promise<Numbers> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(`no answer within ${ANSWER_LIMIT_MS / 1000} s`), ANSWER_LIMIT_MS);
      this.#waiting = {
        resolve: (numbers) => (clearTimeout(timer), resolve(numbers)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      };
    });
  }

  #take(reply: Reply): void {
    if ('failed' in reply) return this.#fail(reply.failed);
    this.#waiting?.resolve(reply.numbers);
    this.#waiting = undefined;
  }

  #fail(reason: string): void {
    this.#waiting?.reject(new Error(`the side ${this.#name} failed: ${reason}`));
    this.#waiting = undefined;
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
