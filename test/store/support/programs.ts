import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { cleanAfterEachTest, cleanAfterFile } from '../../support/cleanup.js';
import { scratchFolder } from '../../support/own-folder.js';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const SOURCES = ['machines', 'src/errors', 'src/files', 'src/os', 'src/store', 'test/store/programs'];

let compiled: Promise<string> | undefined;
const running = new Set<ChildProcess>();

cleanAfterEachTest(() => {
  for (const child of running) child.kill('SIGKILL');
});
cleanAfterFile(() => (compiled = undefined)); // with the folder of the test file

/** A real child process on the sources as they are, not on an older build. Killed at the end of its test. */
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

export async function startProgram(name: string, ...args: string[]): Promise<Program> {
  compiled ??= compile();
  const file = join(await compiled, 'test/store/programs', `${name}.js`);
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

async function compile(): Promise<string> {
  const target = scratchFolder();
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  for (const folder of SOURCES) {
    for (const file of await readdir(join(PROJECT, folder), { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const source = await readFile(join(PROJECT, folder, file), 'utf8');
      const output = join(target, folder, file.replace(/\.ts$/, '.js'));
      await mkdir(dirname(output), { recursive: true });
      await writeFile(output, ts.transpileModule(source, { compilerOptions }).outputText);
    }
  }
  await writeFile(join(target, 'package.json'), '{"type":"module"}');
  await symlink(join(PROJECT, 'node_modules'), join(target, 'node_modules'));
  return target;
}
