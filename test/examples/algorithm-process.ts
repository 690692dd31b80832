/**
 * A real algorithm in a real Python process, spoken to over the SDK adapter's own protocol: no Runner in between, so that
 * these tests judge the example and nothing else.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Readable, type Writable } from 'node:stream';
import { FrameReader, type Message, encodeFrame } from './frames.js';
import { type SharedImage } from './shared-image.js';

const SDK_SOURCE = resolve(import.meta.dirname, '../../sdk/python/src');

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly score: number;
  readonly name?: string;
}

export interface Answer {
  readonly type: 'result' | 'error';
  readonly status: 'OK' | 'ERROR';
  readonly message?: string;
  readonly error_code?: string;
  readonly data: {
    readonly result_status?: 'OK' | 'NG' | null;
    readonly ng_reason?: string | null;
    readonly defect_rects?: readonly Rect[];
    readonly position_rects?: readonly Rect[];
    readonly calibration_rects?: readonly Rect[];
    readonly debug?: Readonly<Record<string, unknown>>;
  };
}

export interface Call {
  readonly phase: 'pre' | 'execute';
  readonly step: number;
  readonly pid: string;
  /** All calls of one detection flow share it. */
  readonly flow: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface StartOptions {
  /** Folder with the manifest. */
  readonly project: string;
  readonly entryPoint: string;
  readonly sharedFolder: string;
  readonly python?: string;
}

export class AlgorithmProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: { resolve(message: Message): void; reject(error: Error): void }[] = [];
  readonly #exited: Promise<unknown>;
  #stderr = '';
  #calls = 0;

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child;
    this.#exited = once(child, 'exit');
    const frames = new FrameReader();
    child.stdout.on('data', (chunk: Buffer) => {
      for (const message of frames.read(chunk)) this.#waiting.shift()?.resolve(message);
    });
    child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    child.on('exit', (code) => {
      const error = new Error(`the algorithm exited with ${code}; its last words:\n${this.#stderr.slice(-4000)}`);
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    });
  }

  static async start({
    project,
    entryPoint,
    sharedFolder,
    python = 'python3',
  }: StartOptions): Promise<AlgorithmProcess> {
    const args = ['-m', 'procvision_algorithm_sdk.adapter', '--entry', entryPoint];
    const child = spawn(python, args, {
      cwd: project,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        PYTHONPATH: [SDK_SOURCE, project].join(':'),
        PYTHONDONTWRITEBYTECODE: '1',
        PROC_ENV: 'prod',
        PROC_ALGO_ROOT: project,
        PROC_ENTRY_POINT: entryPoint,
        PROC_SHM_DIR: sharedFolder,
      },
    });
    const algorithm = new AlgorithmProcess(child);
    await algorithm.#receive('hello');
    child.stdin.write(
      encodeFrame({
        type: 'hello',
        runner_version: '0.0.0-test',
        heartbeat_interval_ms: 600_000,
        heartbeat_grace_ms: 600_000,
      }),
    );
    return algorithm;
  }

  async call({ phase, step, pid, flow, params = {} }: Call, { id, meta }: SharedImage): Promise<Answer> {
    const answer = await this.#request({
      type: 'call',
      phase,
      method: phase === 'pre' ? 'pre_execute' : 'execute',
      step_index: step,
      pid,
      session: { id: flow, context: { product_code: pid, trace_id: flow } },
      user_params: params,
      shared_mem_id: id,
      image_meta: meta,
    });
    return { data: {}, ...answer } as unknown as Answer;
  }

  async info(): Promise<Readonly<Record<string, unknown>>> {
    const { data } = await this.#request({ type: 'call', phase: 'info', method: 'info' });
    return data as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin.end(encodeFrame({ type: 'shutdown' }));
    await this.#exited;
  }

  get stderr(): string {
    return this.#stderr;
  }

  #request(message: Message): Promise<Message> {
    const requestId = `r${++this.#calls}`;
    const reply = this.#receive('result', 'error');
    this.#child.stdin.write(encodeFrame({ ...message, request_id: requestId }));
    return reply;
  }

  async #receive(...expected: string[]): Promise<Message> {
    const message = await new Promise<Message>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    if (!expected.includes(message.type)) {
      throw new Error(`expected ${expected.join(' or ')}, got ${JSON.stringify(message)}\n${this.#stderr}`);
    }
    return message;
  }
}
