import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
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
  const { attempt } = await spawnTurns.take(() => ({ attempt: isWanted() ? start(options) : neverBegan(UNWANTED) }));
  return attempt;
}

function start({ command, args, environment, folder }: SpawnOptions): Spawned | Promise<Spawned> {
  let leaks: CoveredLeaks | undefined;
  try {
    leaks = coverLeaks();
    const stdio = ['pipe' as const, 'pipe' as const, 'pipe' as const, ...leaks.stdio];
    const child = spawn(command, args, { cwd: folder, env: environment, detached: true, stdio });
    // Listened to for good: without a listener, an `error` of the child would end the host.
    const failed = new Promise<string>((resolve) => void child.on('error', ({ message }) => resolve(message)));
    // When no descriptor is left, Node makes a child without streams.
    const { pid: osPid, stdin, stdout, stderr } = child as ChildProcessWithoutNullStreams;
    if (osPid === undefined) return failed.then(neverBegan);
    for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined); // its end tells enough
    makeFirstToGo(osPid);
    return { osPid, events: child, stdin, stdout, stderr };
  } catch (error) {
    // Node throws what it does not report with `error` (ENOMEM, E2BIG).
    return neverBegan(error instanceof Error ? error.message : String(error));
  } finally {
    leaks?.close();
  }
}

const UNWANTED = 'it is not wanted any more';
const neverBegan = (reason: string): Spawned => ({ osPid: null, reason });
