import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runCli } from '../../../src/cli/run.js';
import { MAIN } from '../../cli/support/command-line.js';
import { adoptEnvironment, ENVIRONMENT } from '../../cli/support/environment.js';
import { ROOT } from './shell-blocks.js';

interface Outcome {
  readonly code: number;
  readonly printed: string;
}

/** A folder as the documents imply it: the clone's examples and tests in it, `procvision` and `npx procvision` on the PATH. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'procvision docs '));

  constructor() {
    for (const name of ['examples', 'test']) symlinkSync(join(ROOT, name), join(this.folder, name));
    mkdirSync(join(this.folder, 'bin'));
    this.#tool('procvision', `exec ${[process.execPath, MAIN].map(quoted).join(' ')} "$@"`);
    this.#tool('npx', 'exec "$@"');
  }

  #tool(name: string, line: string): void {
    writeFileSync(join(this.folder, 'bin', name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(this.folder, 'bin', name), 0o755);
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.folder, file, '..'), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /**
   * As a person's shell would run it; in this process where neither a shell nor the build adds anything.
   *
   * @returns both streams as they come to a terminal
   */
  run(command: string): Promise<Outcome> {
    const [, plain] = /^procvision (?!package )([-\w@.:/ ]+?)(?: +#.*)?$/.exec(command) ?? [];
    return plain === undefined ? this.#inShell(command) : this.#inside(plain.split(/ +/));
  }

  #inShell(command: string): Promise<Outcome> {
    const env = { ...ENVIRONMENT, PATH: `${join(this.folder, 'bin')}:${ENVIRONMENT.PATH}` };
    return new Promise((resolve) => {
      execFile('bash', ['-c', `exec 2>&1 </dev/null\n${command}`], { cwd: this.folder, env }, (error, printed) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, printed });
      });
    });
  }

  async #inside(words: readonly string[]): Promise<Outcome> {
    adoptEnvironment();
    const before = process.cwd();
    process.chdir(this.folder);
    let printed = '';
    const stream = { write: (text: string) => (printed += text), on: () => undefined };
    try {
      const code = await runCli(words, { env: {}, stdout: stream, stderr: stream });
      return { code, printed };
    } finally {
      process.chdir(before);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** What differs from one run to the next stands for itself: times, hashes, sizes, how long it took, how wide columns are. */
const alike = (lines: readonly string[]): readonly string[] =>
  lines
    .map((line) =>
      line
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
        .replace(/\b[0-9a-f]{12}\b…?/g, '<hash>')
        .replace(/\b\d+(\.\d+)? (B|KiB|MiB)\b/g, '<size>')
        .replace(/^(examples\/images.*?) +\d+$/, '$1 <ms>')
        .replace(/ +/g, ' ')
        .trimEnd(),
    )
    .filter((line) => line !== '');

/** An ellipsis in what a document shows stands for anything, one that is a line of its own for any number of lines. */
export function expectShown(printed: string, shown: readonly string[]): void {
  const pattern = alike(shown)
    .map((line) => (line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escaped).join('.*')}\n`))
    .join('');
  expect(`${alike(printed.split('\n')).join('\n')}\n`).toMatch(new RegExp(`^${pattern}$`));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
