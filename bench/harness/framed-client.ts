import { spawn } from 'node:child_process';
import { callText, createFrameDecoder, encodeFrame, encodeText } from '../../src/protocol/index.js';
import type { CallFields, Message } from '../../src/protocol/index.js';

export interface FramedProcess {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What a call frame of the real conversation takes; ours is filled up to it. 0: as it is. */
  readonly callBytes: number;
}

/**
 * The least a Node program can do to call a process: a frame out, a frame in, both through the project's codec. The Node
 * side of the floors, and of both sides of the adapter's comparison.
 */
export class FramedClient {
  readonly #child;
  readonly #filler: string;
  #lastId = 0;
  #take: (message: Message) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  private constructor({ command, args, folder, environment, callBytes }: FramedProcess) {
    // In a group of its own: an interrupt is the benchmark's business; the end of its input ends it.
    const child = spawn(command, args, {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    const decoder = createFrameDecoder({
      onMessage: (message) => this.#take(message),
      onFault: ({ message }) => this.#fail(new Error(message)),
    });
    child.stdout.on('data', (chunk: Buffer) => decoder.push(chunk));
    child.once('error', (error) => this.#fail(error));
    child.once('exit', (code) => this.#fail(new Error(`${command} ended with code ${code}`)));
    this.#child = child;
    this.#filler = '.'.repeat(
      Math.max(0, callBytes - encodeText(callText(callFields('12345', ''), Date.now(), '{}')).length),
    );
  }

  /** Resolves after the process said hello and got ours. */
  static async start(options: FramedProcess): Promise<FramedClient> {
    const client = new FramedClient(options);
    await client.#next();
    client.#child.stdin.write(
      encodeFrame({ type: 'hello', runner_version: '0', heartbeat_interval_ms: 5000, heartbeat_grace_ms: 2000 }),
    );
    return client;
  }

  async call(): Promise<void> {
    const id = `${++this.#lastId}`;
    const answer = this.#next();
    this.#child.stdin.write(encodeText(callText(callFields(id, this.#filler), Date.now(), '{}')));
    const { type, request_id: answered, status } = await answer;
    if (type !== 'result' || answered !== id || status !== 'OK')
      throw new Error(`call ${id} was answered by ${type} ${String(answered)}`);
  }

  /** The end of its input ends the process. */
  close(): Promise<void> {
    this.#fail = () => undefined;
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.stdin.end();
    });
  }

  #next(): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.#take = resolve;
      this.#fail = reject;
    });
  }
}

/** As the Runner fills them for a call without an image, to a release whose sessions travel. */
const callFields = (requestId: string, filler: string): CallFields => ({
  requestId,
  phase: 'execute',
  stepIndex: 1,
  pid: 'A01',
  session: { id: 'mi00000-1', context: { product_code: 'A01', trace_id: `mi00000-1${filler}` } },
  userParams: {},
  sharedMemId: null,
  imageMeta: null,
});
