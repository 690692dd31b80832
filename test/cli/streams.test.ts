import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk, MAIN } from './support/command-line.js';
import { ENVIRONMENT } from './support/environment.js';
import type { Ended } from './support/command-line.js';
import { runInside } from './support/run-inside.js';
import { openSlowLine } from './support/slow-line.js';

/** What goes to standard output, what to standard error, and in which colours. */
const commandLine = new Desk();
afterAll(() => commandLine.remove());

const ESCAPE = '\u001b[';
const ZIP = 'slow-v1.0.0-offline.zip';
const PROJECT = 'slow-1.0.0';

beforeAll(() => openSlowLine(commandLine, [{ pids: ['P1'] }], []));

describe('the two streams', () => {
  it('data are on standard output, messages and the next step on standard error', async () => {
    const { stdout, stderr } = await commandLine.run(['validate', PROJECT]);
    expect(stdout).toMatch(/^result +check +message\n/);
    expect(stdout).not.toContain('next:');
    expect(stderr).toContain(`${PROJECT} is valid`);
    expect(stderr).toContain(`next: procvision package ${PROJECT}`);
  });

  it('with --json, standard output is one JSON value and nothing says what comes next', async () => {
    const { stdout, stderr } = await commandLine.run(['--json', 'validate', PROJECT]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(stderr).toBe('');
  });

  it('a hint names the store where the command line named it', async () => {
    const store = commandLine.path('runtime_store');
    const next = 'next: procvision activate slow@1.0.0 --pid P1';
    expect((await runInside(['ls', '--store', store])).stderr).toBe(`${next} --store ${store}\n`);
    expect((await runInside(['ls'], { PROCVISION_STORE: store })).stderr).toBe(`${next}\n`);
  });

  it('the store comes from --store, else from PROCVISION_STORE, else from ./runtime_store', async () => {
    const [store, other] = [commandLine.path('runtime_store'), commandLine.path('other')];
    const releases = ({ json }: Ended): number => json<{ releases: object[] }>().releases.length;
    expect(releases(await runInside(['ls', '--json', '--store', store], { PROCVISION_STORE: other }))).toBe(1);
    expect(releases(await runInside(['ls', '--json'], { PROCVISION_STORE: store }))).toBe(1);
    expect(releases(await runInside(['ls', '--json'], { PROCVISION_STORE: other }))).toBe(0);
    expect(releases(await commandLine.run(['ls', '--json'], { PROCVISION_STORE: '' }))).toBe(1);
  });

  it('a reader that leaves early ends the command quietly', async () => {
    const { code, stdout, stderr } = await new Promise<{ code: number | null; stdout: string; stderr: string }>(
      (done) => {
        const child = spawn(process.execPath, [MAIN, 'trace', 'show', 'latest', '--format', 'full'], {
          cwd: commandLine.folder,
        });
        let [stdout, stderr] = ['', ''];
        child.stdout.setEncoding('utf8').once('data', (text: string) => {
          stdout = text;
          child.stdout.destroy();
        });
        child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
        child.on('exit', (code) => done({ code, stdout, stderr }));
      },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('#1 ');
  });
});

describe('a disk that takes no output', () => {
  it('ends the command with 74 and the reason, whatever the format', async () => {
    for (const words of [['ls'], ['ls', '--json'], ['trace', 'show', 'latest']]) {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [MAIN, ...words], {
        cwd: commandLine.folder,
        stdio: ['ignore', full, 'pipe'],
      });
      closeSync(full);
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const [code] = (await once(child, 'close')) as [number];
      expect({ words, code, stderr }).toMatchObject({ code: 74, stderr: expect.stringContaining('output_failed') });
    }
  });
});

describe('colours', () => {
  const seen = async (words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
    const { stdout, stderr } = await runInside([...words, '--store', commandLine.path('runtime_store')], env);
    return stdout + stderr;
  };

  it('are not used where nobody sees them, not even in CI', async () => {
    expect(await seen(['ls'], { CI: 'true' })).not.toContain(ESCAPE);
  });

  it('can be forced, and NO_COLOR or --no-color has the last word', async () => {
    expect(await seen(['ls'], { FORCE_COLOR: '1' })).toContain(ESCAPE);
    expect(await seen(['ls'], { FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain(ESCAPE);
    expect(await seen(['ls', '--no-color'], { FORCE_COLOR: '1' })).not.toContain(ESCAPE);
  });
});

describe('on a terminal', () => {
  const onTerminal = async (words: readonly string[], env: Record<string, string> = {}): Promise<string> => {
    const play = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
    const { stdout } = await promisify(execFile)('python3', ['-c', play, process.execPath, MAIN, ...words], {
      cwd: commandLine.folder,
      env: { ...ENVIRONMENT, TERM: 'xterm', ...env },
    });
    return stdout;
  };

  it('progress shows stage and percent, and leaves the line again', async () => {
    const seen = await onTerminal(['install', ZIP, '--no-start', '--store', 'fresh']);
    expect(seen).toContain('extracting 100 %');
    expect(seen).toMatch(/\r\u001b\[Kslow@1\.0\.0 is Deployed/);
  });

  it('no progress shows with --json, nor where standard error is no terminal', async () => {
    expect(await onTerminal(['package', PROJECT])).toContain(' %');
    expect(await onTerminal(['package', PROJECT, '--json'])).not.toContain(' %');
    expect((await commandLine.run(['package', PROJECT])).stderr).not.toContain(' %');
  });

  it('output is coloured, and NO_COLOR is respected', async () => {
    expect(await onTerminal(['ls'])).toContain(`${ESCAPE}1m`);
    expect(await onTerminal(['ls'], { NO_COLOR: '1' })).not.toContain(ESCAPE);
  });
});
