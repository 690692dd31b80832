import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { coverLeaks } from './leaked-descriptors.js';
import type { CoveredLeaks } from './leaked-descriptors.js';
import { makeFirstToGo } from './oom-score.js';
import { atSpawnTurn } from './spawn-turns.js';

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

/**
 * Starts a process as the leader of a group of its own, without a shell, at its turn. The only place that does.
 *
 * INVARIANT: whatever keeps it from starting (no descriptor, process or memory left, no such file, no permission) is a
 * result: nothing is thrown, and nothing stays behind that could be.
 */
export async function spawnProcess(options: SpawnOptions): Promise<Spawned> {
  const { isWanted = () => true } = options;
  const { attempt } = await atSpawnTurn(() => ({ attempt: isWanted() ? start(options) : neverBegan(UNWANTED) }));
  return attempt;
}

function start({ command, args, environment, folder }: SpawnOptions): Spawned | Promise<Spawned> {
  const witness = new Witness();
  let leaks: CoveredLeaks | undefined;
  try {
    leaks = coverLeaks();
    const child = execa(command, args, {
      ...(folder === undefined ? {} : { cwd: folder }),
      env: environment,
      extendEnv: false,
      detached: true,
      cleanup: false,
      buffer: false,
      encoding: 'buffer',
      reject: false,
      stdio: ['pipe', 'pipe', 'pipe', ...leaks.stdio],
    });
    const { pid: osPid } = child;
    if (osPid === undefined) return child.then(({ originalMessage }) => neverBegan(originalMessage));
    makeFirstToGo(osPid);
    return { osPid, events: child, stdin: child.stdin, stdout: child.stdout, stderr: child.stderr };
  } catch (error) {
    return witness.failure(error).then(neverBegan);
  } finally {
    witness.leave();
    leaks?.close();
  }
}

const UNWANTED = 'it is not wanted any more';
const neverBegan = (reason = 'unknown reason'): Spawned => ({ osPid: null, reason });

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
