import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { toolEnvironment } from './environment.js';
import { Tail } from './tail.js';

export interface RunOptions {
  /** What stands before the command, so that the tool and all it starts end with this process, however that ends. */
  readonly launcher?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Every whole line of standard output, as it comes. */
  readonly onLine?: (line: string) => void;
}

export type RunResult =
  | { readonly outcome: 'done'; readonly stdout: string }
  | {
      readonly outcome: 'failed';
      /** "it exited with code 1: …" */
      readonly reason: string;
      readonly exitCode: number | null;
      readonly stdout: string;
      readonly stderr: string;
    };

const OUTPUT_BYTES_MAX = 1024 * 1024;
const DRAIN_MS = 250;

/*
 * INVARIANTS
 * - The child leads a process group of its own, and when this returns or throws no member of it is left.
 * - Its exit decides, not its pipes: a grandchild that holds one open is not waited for.
 * - Memory is bounded: of each stream the last megabyte is kept.
 */

/**
 * Runs a Python tool to its end, without a shell.
 *
 * @throws the signal's reason when aborted; everything else is a result
 */
export async function runPython(python: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { signal, timeoutMs, onLine, launcher = [] } = options;
  signal?.throwIfAborted();
  const [command = python, ...rest] = [...launcher, python, ...args];
  const child = execa(command, rest, {
    stdin: 'ignore',
    buffer: false,
    encoding: 'buffer',
    reject: false,
    detached: true,
    extendEnv: false,
    env: options.env ?? toolEnvironment(),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const [stdout, stderr] = [new Tail(OUTPUT_BYTES_MAX), new Tail(OUTPUT_BYTES_MAX)];
  const lines = onLine === undefined ? undefined : lineReader(onLine);
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    lines?.(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const ended = Promise.all([settled(child.stdout), settled(child.stderr)]);

  let ending: string | undefined;
  const kill = (why: string) => {
    ending ??= why;
    killGroup(child.pid);
  };
  const onAbort = () => kill('it was aborted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => kill(`no answer within ${timeoutMs} ms`), timeoutMs);
  try {
    // The promise of a child that began settles later, when its pipes close; it never rejects.
    const exit = child.pid === undefined ? neverBegan((await child).originalMessage) : await exitOf(child);
    await Promise.race([ended, delay(DRAIN_MS, undefined, { ref: false })]);
    killGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
    signal?.throwIfAborted();
    if (exit.code === 0 && ending === undefined) return { outcome: 'done', stdout: stdout.text() };
    const output = { stdout: stdout.text(), stderr: stderr.text() };
    return { outcome: 'failed', exitCode: exit.code, reason: ending ?? reasonOf(exit, output), ...output };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** How a child ended, or why it never began. */
interface Exit {
  readonly code: number | null;
  readonly by: string;
}

async function exitOf(child: EventEmitter): Promise<Exit> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, by: code === null ? `it was ended by ${signal}` : `it exited with code ${code}` };
}

const neverBegan = (why = 'unknown reason'): Exit => ({ code: null, by: `it cannot be run: ${why}` });

function reasonOf({ code, by }: Exit, { stderr, stdout }: { stderr: string; stdout: string }): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  // Python tells the cause last; a shell or shim that could not start it tells it first.
  const told = (code === 126 || code === 127 ? lines[0] : lines.at(-1))?.trim() ?? '';
  return told === '' ? by : `${by}: ${told.slice(0, 300)}`;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}

const settled = (stream: NodeJS.ReadableStream): Promise<unknown> =>
  new Promise((resolve) => stream.once('end', resolve).once('error', resolve).once('close', resolve));

function lineReader(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop()?.slice(0, OUTPUT_BYTES_MAX) ?? '';
    for (const line of parts) onLine(line);
  };
}
