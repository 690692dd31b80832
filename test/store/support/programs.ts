import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { builtProgram } from '../../support/built-program.js';
import { cleanAfterEachTest } from '../../support/cleanup.js';

const running = new Set<ChildProcess>();

cleanAfterEachTest(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** A real child process. Killed at the end of its test. */
export interface Program {
  readonly child: ChildProcess;
  /** The next line it writes. */
  nextLine(): Promise<string>;
  /** The lines written and not yet taken, and then those until its end. */
  restOfLines(): Promise<string[]>;
  say(line: string): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

export function startProgram(name: string, ...args: string[]): Program {
  const file = builtProgram(new URL(`../programs/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  const gone = once(child, 'exit').then(() => void running.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async nextLine() {
      const next = (await lines.next()) as IteratorResult<string, undefined>;
      if (next.done === true) throw new Error(`${name} ended before it said anything more`);
      return next.value;
    },
    async restOfLines() {
      const rest: string[] = [];
      for (let next = await lines.next(); next.done !== true; next = await lines.next()) rest.push(next.value);
      return rest;
    },
    say: (line) => child.stdin.write(`${line}\n`),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
