import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { signalGroup, spawnProcess, systemClock } from '../../platform/index.js';
import type { Command } from '../../platform/index.js';
import { toolEnvironment } from './environment.js';
import { Tail } from './tail.js';

/** The command as it is run so that it and all it starts end with this process, however that ends. */
export type Launcher = (command: Command) => Command;

export interface RunOptions {
  readonly launcher?: Launcher;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
  /** What it reads from standard input; nothing when left out. */
  readonly input?: string;
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
  const { signal, timeoutMs, onLine, launcher = (command) => command } = options;
  signal?.throwIfAborted();
  const child = await spawnProcess({
    ...launcher({ command: python, args, environment: known(options.env ?? toolEnvironment()) }),
    ...(options.cwd === undefined ? {} : { folder: options.cwd }),
    isWanted: () => signal?.aborted !== true,
  });
  signal?.throwIfAborted();
  if (child.osPid === null) {
    const reason = `it cannot be run: ${child.reason}`;
    return { outcome: 'failed', exitCode: null, reason, stdout: '', stderr: '' };
  }
  const [stdout, stderr] = [new Tail(OUTPUT_BYTES_MAX), new Tail(OUTPUT_BYTES_MAX)];
  const lines = onLine === undefined ? undefined : lineReader(onLine);
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    lines?.(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const exited = exitOf(child.events);
  const ended = Promise.all([settled(child.stdout), settled(child.stderr)]);

  let ending: string | undefined;
  const kill = (why: string) => {
    ending ??= why;
    signalGroup(child.osPid, 'SIGKILL');
  };
  const onAbort = () => kill('it was aborted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : systemClock.setTimeout(() => kill(`no answer within ${timeoutMs} ms`), timeoutMs);
  try {
    const exit = await exited;
    await Promise.race([ended, pause(DRAIN_MS)]);
    signalGroup(child.osPid, 'SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
    signal?.throwIfAborted();
    if (exit.code === 0 && ending === undefined) return { outcome: 'done', stdout: stdout.text() };
    const output = { stdout: stdout.text(), stderr: stderr.text() };
    return { outcome: 'failed', exitCode: exit.code, reason: ending ?? reasonOf(exit, output), ...output };
  } finally {
    systemClock.clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** How a child ended. */
interface Exit {
  readonly code: number | null;
  readonly by: string;
}

async function exitOf(child: EventEmitter): Promise<Exit> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, by: code === null ? `it was ended by ${signal}` : `it exited with code ${code}` };
}

function reasonOf({ code, by }: Exit, { stderr, stdout }: { stderr: string; stdout: string }): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  // Python tells the cause last; a shell or shim that could not start it tells it first.
  const told = (code === 126 || code === 127 ? lines[0] : lines.at(-1))?.trim() ?? '';
  return told === '' ? by : `${by}: ${told.slice(0, 300)}`;
}

const known = (environment: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));

const pause = (ms: number): Promise<void> => new Promise((resolve) => void systemClock.setTimeout(resolve, ms).unref());

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
