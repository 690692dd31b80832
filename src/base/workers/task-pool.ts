import { availableParallelism } from 'node:os';
import type { Piscina } from 'piscina';
import { RunnerError } from '../errors/index.js';
import type { Fault } from '../errors/index.js';
import type { TaskAnswer, TaskInput, TaskMessage } from './in-worker.js';
import { Progress } from './progress.js';
import { TaskExceeded } from './task.js';
import type { Task } from './task.js';

const THREADS_MAX = Math.max(2, Math.min(4, availableParallelism()));
/** Longer than most lines pause between two inspections; a thread that waits costs some megabytes. */
const THREAD_IDLE_MS = 20_000;
const MEMORY = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16, stackSizeMb: 2 };
/** A machine so busy that a thread does not begin in this time cannot serve. */
const BEGIN_MS = 60_000;

export interface TaskOptions {
  /** Whose work it is: of one owner one task runs at a time, so that nobody takes every thread. */
  readonly owner: string;
  readonly signal?: AbortSignal | undefined;
}

type Finished = Exclude<TaskAnswer, { readonly exceeded: unknown }>;

interface Waiting {
  readonly owner: string;
  begin(): void;
}

/**
 * The threads that work on what packages and callers bring.
 *
 * INVARIANTS
 * - A task ends: with its output, a fault of its own, or TaskExceeded; the thread of one that went over a budget is
 *   replaced, and the others go on.
 * - What no thread took up was judged by nobody: that is host_unfit, never TaskExceeded.
 * - Of one owner one task runs at a time; the others wait in their order.
 * - Without work there is no thread after a while, and none keeps the process alive.
 */
export class TaskPool {
  #threads: Promise<Piscina<TaskMessage, TaskAnswer>> | undefined;
  readonly #running = new Set<string>();
  readonly #waiting: Waiting[] = [];
  /** Told when a thread fails before it has a task. */
  readonly #onThreadFailed = new Set<(error: Error) => void>();

  /**
   * @throws TaskExceeded when it went over its budget; RunnerError that the work threw, or host_unfit when no thread
   * can be started; the signal's reason
   */
  async run<Output>(task: Task<Output>, input: TaskInput, { owner, signal }: TaskOptions): Promise<Output> {
    if (input.length > task.budget.inputSizeMax) throw new TaskExceeded('size');
    await this.#turnOf(owner, signal);
    try {
      return resultOf<Output>(await this.#perform(task, input, signal));
    } finally {
      this.#running.delete(owner);
      this.#beginNext();
    }
  }

  /** Ends the threads; what still runs fails. A task after that starts new ones. */
  async close(): Promise<void> {
    const threads = this.#threads;
    this.#threads = undefined;
    await (await threads)?.destroy();
  }

  /** Threads there are now. */
  async size(): Promise<number> {
    return (await this.#threads)?.threads.length ?? 0;
  }

  #turnOf(owner: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason as Error);
      };
      const waiting: Waiting = {
        owner,
        begin() {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#beginNext();
    });
  }

  #beginNext(): void {
    while (this.#running.size < THREADS_MAX) {
      const next = this.#waiting.findIndex(({ owner }) => !this.#running.has(owner));
      const [waiting] = next === -1 ? [] : this.#waiting.splice(next, 1);
      if (waiting === undefined) return;
      this.#running.add(waiting.owner);
      waiting.begin();
    }
  }

  async #perform(task: Task<unknown>, input: TaskInput, signal: AbortSignal | undefined): Promise<Finished> {
    const progress = new Progress();
    const givenUp = new AbortController();
    const onThreadFailed = (error: Error): void => void (progress.begun || givenUp.abort(cannotBegin(error.message)));
    const clock = watchTime(progress, task.budget.timeMs, (why) => givenUp.abort(why));
    this.#onThreadFailed.add(onThreadFailed);
    try {
      const threads = await this.#openThreads();
      const answer = await threads.run(
        { input, outputSizeMax: task.budget.outputSizeMax, progress: progress.shared },
        {
          filename: task.module.href,
          name: task.name,
          signal: signal === undefined ? givenUp.signal : AbortSignal.any([signal, givenUp.signal]),
        },
      );
      if ('exceeded' in answer) throw new TaskExceeded(answer.exceeded, progress.place);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      givenUp.signal.throwIfAborted();
      if (isOutOfMemory(error)) throw new TaskExceeded('memory', progress.place);
      throw error;
    } finally {
      clock.stop();
      this.#onThreadFailed.delete(onThreadFailed);
    }
  }

  /** Loaded at the first task: many a Runner never has one. */
  #openThreads(): Promise<Piscina<TaskMessage, TaskAnswer>> {
    this.#threads ??= this.#loadThreads().catch((error: unknown) => {
      this.#threads = undefined; // the next task tries again
      throw cannotBegin(String(error));
    });
    return this.#threads;
  }

  async #loadThreads(): Promise<Piscina<TaskMessage, TaskAnswer>> {
    const { Piscina } = await import('piscina');
    const threads = new Piscina<TaskMessage, TaskAnswer>({
      minThreads: 0,
      maxThreads: THREADS_MAX,
      idleTimeout: THREAD_IDLE_MS,
      resourceLimits: MEMORY,
      recordTiming: false,
      // A thread that waits in Atomics.wait cannot be told from one that works, and needs no faster answer than this.
      atomics: 'disabled',
      execArgv: [],
      env: {},
    });
    // Piscina leaves the tasks of a thread that does not start in its queue.
    threads.on('error', (error: Error) => this.#onThreadFailed.forEach((failed) => failed(error)));
    return threads;
  }
}

/** Counts from the moment a thread took the task up: a new one may be long in coming on a busy machine. */
function watchTime(progress: Progress, timeMs: number, giveUp: (why: Error) => void): { stop(): void } {
  const LOOK_MS = 50;
  let leftMs = timeMs;
  let waitedMs = 0;
  const timer = setInterval(() => {
    if (!progress.begun) waitedMs += LOOK_MS;
    else leftMs -= LOOK_MS;
    if (leftMs <= 0) giveUp(new TaskExceeded('time', progress.place));
    else if (waitedMs >= BEGIN_MS) giveUp(cannotBegin(`none began within ${BEGIN_MS / 1000} s`));
  }, LOOK_MS);
  return { stop: () => clearInterval(timer) };
}

const cannotBegin = (reason: string): RunnerError =>
  new RunnerError('host_unfit', `No thread that checks what packages bring can be started: ${reason}.`, {
    hint: 'Look whether the host has threads, memory and descriptors left, and whether the folder it works in is there.',
  });

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

function resultOf<Output>(answer: Finished): Output {
  if ('fault' in answer) throw RunnerError.from(JSON.parse(answer.fault) as Fault);
  return JSON.parse(answer.output) as Output;
}
