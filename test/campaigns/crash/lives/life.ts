import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PLAN_VARIABLE } from '../programs/plan.js';
import type { KillPlan, Killed } from '../programs/plan.js';
import { programArguments } from './programs.js';

/** A line a program said; what else it holds depends on `at`. */
export interface Word {
  readonly at: string;
  readonly [key: string]: unknown;
}

/** How a program ended and all it said. */
export interface Ending {
  readonly words: readonly Word[];
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly complaints: string;
  /** The call it was killed at; null: it was not. */
  readonly killed: Killed | null;
  /** It did not come to an end by itself, and was ended. */
  readonly hung: boolean;
}

export interface LifeOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly plan: KillPlan | null;
  /** Folder for temporary files; every process it ever starts carries it in its environment, so it tells its own. */
  readonly tmp: string;
  readonly limitMs?: number;
}

const LIMIT_MS = 90_000;
const DRAIN_MS = 5_000;
const COMPLAINTS_MAX = 4_000;

/** One process of a program under the kill switch. */
export class Life {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #words: Word[] = [];
  readonly #waiting = new Set<() => void>();
  #hung = false;
  #over = false;
  readonly ended: Promise<Ending>;

  constructor({ program, args, plan, tmp, limitMs = LIMIT_MS }: LifeOptions) {
    const { [PLAN_VARIABLE]: _own, ...environment } = process.env;
    const plans = plan === null ? {} : { [PLAN_VARIABLE]: JSON.stringify(plan) };
    this.#child = spawn(process.execPath, [...programArguments(program), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...environment, TMPDIR: tmp, ...plans },
    });
    this.#child.stdin.on('error', () => undefined); // it was killed while it was spoken to
    this.ended = this.#live(limitMs);
  }

  /** Resolves with the first such word from the `from`th on, or null when it ended without one. */
  async word(at: string, from = 0): Promise<Word | null> {
    for (;;) {
      const found = this.#words.slice(from).find((word) => word.at === at);
      if (found !== undefined) return found;
      if (this.#over) return null;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  get spoken(): number {
    return this.#words.length;
  }

  tell(line: object): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** Nothing more is asked of it. */
  finish(): void {
    this.#child.stdin.end();
  }

  async #live(limitMs: number): Promise<Ending> {
    const child = this.#child;
    let complaints = '';
    const timer = setTimeout(() => {
      this.#hung = true;
      child.kill('SIGKILL');
    }, limitMs);
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      this.#words.push(JSON.parse(line) as Word);
      this.#wake();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-COMPLAINTS_MAX);
    });
    const read = new Promise((resolve) => lines.once('close', resolve));
    // Not `close` of the process: an orphan that holds its pipes is what the campaign looks for.
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (...how) => resolve(how));
    });
    clearTimeout(timer);
    await Promise.race([read, delay(DRAIN_MS, undefined, { ref: false })]);
    lines.close();
    this.#over = true;
    this.#wake();
    const killed = (this.#words.find(({ at }) => at === 'killed') as Killed | undefined) ?? null;
    return { words: this.#words, signal, code, complaints, killed, hung: this.#hung };
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
