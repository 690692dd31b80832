import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildNews, ChildTask } from './child.js';
import type { FuzzOptions, Plant, TargetName } from './options.js';

export interface Finding {
  readonly target: TargetName;
  readonly sort: 'crash' | 'hang' | 'residue';
  readonly seed: number;
  readonly what: string;
  /** The command that tries this case again. */
  readonly again: string;
}

export interface FuzzReport {
  readonly seed: number;
  readonly seconds: number;
  readonly cases: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** A child is looked at so often. */
const LOOK_MS = 100;
/** Standing still counts as well: a case that waits for ever takes no processor time. */
const WALL_MS_MAX = 30_000;
/** Of one target: more of the same help nobody. */
const FINDINGS_MAX = 20;
const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * Cases of every target, each in a process of its own, for the time given, one target after the other.
 *
 * INVARIANTS
 * - What hangs is ended and named; the next case goes on in a new process.
 * - Nothing is left when it ends: no folder, no process.
 */
export async function fuzz(
  options: FuzzOptions,
  signal: AbortSignal,
  tell: (line: string) => void = () => undefined,
): Promise<FuzzReport> {
  const sinceMs = performance.now();
  const findings: Finding[] = [];
  const cases: Record<string, number> = {};
  const plants: (Plant | null)[] = options.plant.length === 0 ? [null] : [...options.plant];
  const shareMs = (options.seconds * 1000) / (options.only.length * plants.length);
  for (const target of options.only)
    for (const plant of plants) {
      if (signal.aborted) break;
      const run = new TargetRun(target, options, plant, shareMs, signal);
      await run.toEnd();
      cases[target] = (cases[target] ?? 0) + run.cases;
      findings.push(...run.findings);
      tell(`${target}: ${run.cases} cases, ${run.findings.length} findings`);
    }
  return { seed: options.seed, seconds: Math.round((performance.now() - sinceMs) / 1000), cases, findings };
}

class TargetRun {
  readonly findings: Finding[] = [];
  cases = 0;
  readonly #root = mkdtempSync(join(tmpdir(), 'procvision-fuzz-'));
  readonly #endMs: number;
  #seed: number;

  constructor(
    readonly target: TargetName,
    readonly options: FuzzOptions,
    private plant: Plant | null,
    shareMs: number,
    readonly signal: AbortSignal,
  ) {
    this.#seed = options.seed;
    this.#endMs = performance.now() + shareMs;
  }

  async toEnd(): Promise<void> {
    try {
      while (!this.#isOver()) await this.#life();
    } finally {
      rmSync(this.#root, { recursive: true, force: true });
    }
  }

  #isOver(): boolean {
    if (this.signal.aborted || this.findings.length >= FINDINGS_MAX) return true;
    const { cases } = this.options;
    // However short the time, there is something to report.
    return cases === null ? this.cases > 0 && performance.now() > this.#endMs : this.cases >= cases;
  }

  /** One child, until it ends or is ended. */
  #life(): Promise<void> {
    const { target, options, plant } = this;
    const [temp, kept] = [join(this.#root, 'temp'), join(this.#root, 'kept')];
    for (const folder of [temp, kept]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
    }
    const env = { PATH: process.env['PATH'], HOME: this.#root, TMPDIR: temp, FUZZ_KEPT: kept };
    const child = fork(CHILD, {
      env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--max-old-space-size=1024'],
    });
    const most = options.cases === null ? Number.MAX_SAFE_INTEGER : options.cases - this.cases;
    const task: ChildTask = { target, seed: this.#seed, cases: most, root: this.#root, plant };
    child.send(task);
    return new Promise((resolve) => {
      let stderr = '';
      let begun: { readonly seed: number; readonly cpuMs: number; readonly wallMs: number } | null = null;
      let cpuMsMax = Infinity;
      let isDone = false;
      const end = (): void => void child.kill('SIGKILL');
      child.stderr?.on('data', (text: Buffer) => (stderr = `${stderr}${text.toString()}`.slice(-3_000)));
      child.on('message', (news: ChildNews) => {
        if (isDone) return;
        switch (news.news) {
          case 'ready':
            cpuMsMax = news.cpuMs;
            return;
          case 'begun':
            begun = { seed: news.seed, cpuMs: cpuMsOf(child), wallMs: performance.now() };
            this.#seed = news.seed + 1;
            this.cases += 1;
            if (this.#isOver() && options.cases === null) end();
            return;
          case 'found':
            this.#found(news.sort, news.seed, news.what);
            return;
          case 'done':
            isDone = true;
            return;
        }
      });
      const watch = setInterval(() => {
        if (this.signal.aborted) return end();
        if (begun === null) return;
        const [cpuMs, wallMs] = [cpuMsOf(child) - begun.cpuMs, performance.now() - begun.wallMs];
        if (cpuMs <= cpuMsMax && wallMs <= WALL_MS_MAX) return;
        const how = `not over after ${Math.round(cpuMs)} ms of processor time, ${Math.round(wallMs)} ms by the clock`;
        this.#found('hang', begun.seed, how);
        begun = null;
        end();
      }, LOOK_MS);
      child.on('exit', (code, killedBy) => {
        clearInterval(watch);
        if (!isDone && killedBy !== 'SIGKILL')
          this.#found('crash', begun?.seed ?? this.#seed, `the process ended (${killedBy ?? code}): ${stderr}`);
        resolve();
      });
    });
  }

  #found(sort: Finding['sort'], seed: number, what: string): void {
    const { target } = this;
    // One of each sort is planted in a run.
    this.plant = null;
    this.findings.push({
      target,
      sort,
      seed,
      what,
      again: `npm run fuzz -- --only ${target} --cases 1 --seed ${seed}`,
    });
  }
}

/** Processor time a process has taken, milliseconds; the kernel counts hundredths of a second. */
function cpuMsOf({ pid }: ChildProcess): number {
  try {
    const [, fields = ''] = /\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
    return (user + system) * 10;
  } catch {
    return 0; // it has ended, or this system does not tell
  }
}
