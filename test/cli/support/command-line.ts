import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENVIRONMENT } from './environment.js';

/** The built command: what an installed package runs. `npm test` builds first. */
export const MAIN = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));
export const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON value it has to be. */
  readonly json: <T>() => T;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once standard error holds the text. */
  said(text: string): Promise<void>;
}

/** A folder to work in; every command runs there with an environment of nothing but a path. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'procvision-cli-'));

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.begin(words, env).ended;
  }

  begin(words: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: this.folder,
      env: { ...ENVIRONMENT, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code) => resolve({ code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T }));
    });
    const said = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => void (stderr.includes(text) && resolve());
        child.stderr.on('data', look);
        child.on('close', () => reject(new Error(`ended without saying "${text}": ${stderr}`)));
        look();
      });
    return { child, ended, said };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
