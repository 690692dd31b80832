import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { execa as Execa } from 'execa';
import { coverLeaks } from './leaked-descriptors.js';
import type { CoveredLeaks } from './leaked-descriptors.js';
import { makeFirstToGo } from './oom-score.js';
import { spawnTurns } from './turns.js';

/** What is to be run; its environment is all it gets. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface SpawnOptions extends Command {
  /** Where it runs; the folder of this process when left out. */
  readonly folder?: string;
  /** Asked when its turn has come: false when nobody wants it any more. */
  readonly isWanted?: () => boolean;
  /** A tool of a moment: spawned without execa, which a Runner at rest need not load. */
  readonly isTool?: true;
}

export interface SpawnedProcess {
  readonly osPid: number;
  /** Emits `exit` with the exit code and the signal. */
  readonly events: EventEmitter;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** `reason`: "spawn EAGAIN" */
export type Spawned = SpawnedProcess | { readonly osPid: null; readonly reason: string };

/** Loaded with the first process that is no tool. */
let execa: typeof Execa | undefined;

/**
 * Starts a process as the leader of a group of its own, without a shell, at its turn. The only place that does.
 *
 * INVARIANT: whatever keeps it from starting (no descriptor, process or memory left, no such file, no permission) is a
 * result: nothing is thrown, and nothing stays behind that could be.
 */
export async function spawnProcess(options: SpawnOptions): Promise<Spawned> {
  const { isWanted = () => true, isTool = false } = options;
  // Without a descriptor to read it by, Node does without it.
  if (!isTool)
    execa ??= await import('execa').then(
      (loaded) => loaded.execa,
      () => undefined,
    );
  const { attempt } = await spawnTurns.take(() => ({ attempt: isWanted() ? start(options) : neverBegan(UNWANTED) }));
  return attempt;
}

function start(options: SpawnOptions): Spawned | Promise<Spawned> {
  const witness = new Witness();
  let leaks: CoveredLeaks | undefined;
  try {
    leaks = coverLeaks();
    const { osPid, failure, ...child } =
      leaks.stdio.length > 0 || execa === undefined || options.isTool
        ? byNode(options, leaks)
        : byExeca(execa, options);
    if (osPid === undefined) return failure().then(neverBegan);
    makeFirstToGo(osPid);
    return { osPid, ...child };
  } catch (error) {
    return isSystemError(error) ? neverBegan(error.message) : witness.failure(error).then(neverBegan);
  } finally {
    witness.leave();
    leaks?.close();
  }
}

interface Child extends Omit<SpawnedProcess, 'osPid'> {
  readonly osPid: number | undefined;
  /** Why there is none. */
  readonly failure: () => Promise<string | undefined>;
}

function byExeca(run: typeof Execa, { command, args, environment, folder }: SpawnOptions): Child {
  const child = run(command, args, {
    ...(folder === undefined ? {} : { cwd: folder }),
    env: environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    buffer: false,
    encoding: 'buffer',
    reject: false,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { pid: osPid, stdin, stdout, stderr } = child;
  return { osPid, events: child, stdin, stdout, stderr, failure: async () => (await child).originalMessage };
}

/** Leaks go here, too: execa compares each descriptor with all others, and holds the loop for 50 ms if one has the number 250. */
function byNode({ command, args, environment, folder }: SpawnOptions, leaks: CoveredLeaks): Child {
  const stdio = ['pipe' as const, 'pipe' as const, 'pipe' as const, ...leaks.stdio];
  const child = spawn(command, args, { cwd: folder, env: environment, detached: true, stdio });
  const failed = new Promise<string>((resolve) => void child.on('error', ({ message }) => resolve(message)));
  const { pid: osPid, stdin, stdout, stderr } = child as ChildProcessWithoutNullStreams;
  return { osPid, events: child, stdin, stdout, stderr, failure: () => failed };
}

const UNWANTED = 'it is not wanted any more';
const neverBegan = (reason = 'unknown reason'): Spawned => ({ osPid: null, reason });

/** Node throws what it does not report with `error` (ENOMEM, E2BIG). */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'errno' in error;

/**
 * Sees the child that execa is about to make. When no descriptor is left, Node hands execa a child without streams, at
 * which execa 9.6 throws before it listens: the child's `error` would then end the host.
 */
class Witness {
  #child: ChildProcess | undefined;
  #failed: Promise<string> | undefined;
  readonly #see = (message: unknown): void => {
    const child = (message as { process: ChildProcess }).process;
    this.#child ??= child;
    this.#failed ??= new Promise((resolve) => void child.once('error', ({ message: reason }) => resolve(reason)));
  };

  constructor() {
    subscribe('child_process', this.#see);
  }

  leave(): void {
    unsubscribe('child_process', this.#see);
  }

  /** Why there is no process. */
  failure(thrown: unknown): Promise<string> {
    return this.#failed ?? Promise.resolve(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
