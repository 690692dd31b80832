/**
 * A piece of work on what an outside hand wrote, done in a worker thread under budgets of time, memory and size.
 *
 * To add one, write two files beside each other in the folder that owns the work:
 *
 *     // check-manifest-task.ts: loaded by the worker alone
 *     export const checkManifest = inWorker((bytes) => …);
 *
 *     // read-untrusted-manifest.ts: what everybody else calls
 *     const TASK = task<ParsedManifest>(import.meta.url, './check-manifest-task.js', 'checkManifest', { timeMs: 500 });
 *     const manifest = await runTask(TASK, bytes, { owner: zipPath });
 */
export interface Task<Output> {
  /** The compiled module that exports the work. */
  readonly module: URL;
  /** Its export, made by `inWorker`. */
  readonly name: string;
  readonly budget: TaskBudget;
  /** Only for its type. */
  readonly output?: Output;
}

export interface TaskBudget {
  /** From the moment a thread begins with it, however long it waited for one. */
  readonly timeMs: number;
  /** Bytes, or UTF-16 units of a text. */
  readonly inputSizeMax: number;
  /** UTF-16 units of the output as JSON. */
  readonly outputSizeMax: number;
}

const DEFAULT_BUDGET: TaskBudget = { timeMs: 2_000, inputSizeMax: 4 * 1024 * 1024, outputSizeMax: 8 * 1024 * 1024 };

/** @param path of the task's module, from the module whose `import.meta.url` is given */
export const task = <Output>(
  from: string,
  path: string,
  name: string,
  budget: Partial<TaskBudget> = {},
): Task<Output> => ({ module: compiled(from, path), name, budget: { ...DEFAULT_BUDGET, ...budget } });

/** Threads load compiled code also where the sources themselves are run, as tests do. */
function compiled(from: string, path: string): URL {
  const module = new URL(path, from);
  if (!import.meta.url.endsWith('.ts')) return module;
  const root = new URL('../../../', import.meta.url).href;
  return new URL(`dist/${module.href.slice(root.length)}`, root);
}

export type ExceededBudget = 'time' | 'memory' | 'size' | 'depth';

const TOLD: Readonly<Record<ExceededBudget, string>> = {
  time: 'took too long',
  memory: 'took too much memory',
  size: 'is too large',
  depth: 'is nested too deep',
};

/** The work was given up: it went over a budget. Its caller names what was refused, and where. */
export class TaskExceeded extends Error {
  override readonly name = 'TaskExceeded';

  constructor(
    readonly budget: ExceededBudget,
    /** What the work said it was at; empty when it said nothing. */
    readonly place = '',
  ) {
    super(`the work ${TOLD[budget]}`);
  }

  /** To go behind the name of what was worked on. */
  get told(): string {
    return TOLD[this.budget];
  }
}
