import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { recorderIn } from '../trace/support/traces.js';
import { Desk, MAIN } from './support/command-line.js';
import { ENVIRONMENT } from './support/environment.js';
import { runInside } from './support/run-inside.js';
import { zipOf } from './support/slow-line.js';
import { writeSlowProject } from './support/slow-project.js';

/** What a command says and how it ends when it cannot do its work. */
const commandLine = new Desk();
afterAll(() => commandLine.remove());

const FAILURE: Readonly<Record<string, unknown>> = {
  code: expect.any(String),
  name: expect.any(String),
  message: expect.any(String),
  hint: expect.any(String),
  details: expect.any(Object),
};

describe('a command line that cannot be understood', () => {
  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['ls', '--frobnicate']],
    ['a missing argument', ['install']],
    ['a missing mandatory option', ['activate', 'screw-check@1.0.0']],
    ['a release without a version', ['start', 'screw-check']],
    ['a step that is no number', ['detect', '--pid', 'A01', '--image', 'x.png', '--step', 'two']],
    ['a level that does not exist', ['logs', '--level', 'loud']],
    ['parameters that are not JSON', ['detect', '--pid', 'A01', '--image', 'x.png', '--params', '{']],
    ['parameters of an unnamed step', ['detect', '--pid', 'A01', '--image', 'x.png', '--params', '{"a": 1}']],
    ['a parameter file that is not there', ['detect', '--pid', 'A01', '--image', 'x.png', '--params', '@none.json']],
    ['a store without a name', ['ls', '--store', '']],
    ['nothing to validate', ['validate']],
  ])('exits 64 for %s', async (_what, words) => {
    const { code, stdout, stderr } = await runInside(words);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^error: .*\(3022 invalid_usage\)\nhint: /s);
  });

  it('proposes the command that was meant', async () => {
    expect((await runInside(['instal', 'x.zip'])).stderr).toContain('Did you mean install?');
  });

  it('prints the help when there is no command, and exits 64; 0 when asked for it', async () => {
    const without = await runInside([]);
    expect({ code: without.code, stdout: without.stdout }).toEqual({ code: 64, stdout: '' });
    expect(without.stderr).toContain('Usage: procvision');
    const asked = await runInside(['--help']);
    expect({ code: asked.code, stderr: asked.stderr }).toEqual({ code: 0, stderr: '' });
    expect(asked.stdout).toContain('Usage: procvision');
  });
});

describe('a failure with --json', () => {
  it.each([
    ['of the command line', 64, '3022', ['frobnicate', '--json']],
    ['for want of a command', 64, '3022', ['--json']],
    ['of a package', 65, '2001', ['install', 'missing.zip', '--json', '--store', commandLine.path('made')]],
    ['for want of a store', 1, '3011', ['start', 'a@1', '--json', '--store', commandLine.path('none')]],
    ['of an image', 1, '1002', ['detect', '--pid', 'A01', '--image', 'missing.png', '--json']],
    ['for want of a trace', 1, '3011', ['trace', 'show', 'missing.trace.jsonl', '--json']],
    ['for want of a log', 1, '3011', ['logs', 'a@1', '--json', '--store', commandLine.path('none')]],
  ])(
    '%s is one object on standard output, with code, name, message, hint and details',
    async (_of, exit, code, words) => {
      const ended = await runInside(words);
      expect(ended.code).toBe(exit);
      expect(ended.json()).toEqual({ ...FAILURE, code });
      expect(ended.stderr).not.toContain('next:');
    },
  );
});

describe('a package that is refused', () => {
  it('exits 65, is told with its code, and rests as Invalid', async () => {
    writeFileSync(commandLine.path('text.zip'), 'this is not a zip');
    const store = ['--store', commandLine.path('runtime_store')];
    const { code, stderr } = await runInside(['install', commandLine.path('text.zip'), ...store]);
    expect(code).toBe(65);
    expect(stderr).toMatch(/^error: .*\(2001 invalid_zip\)\nhint: /m);
    const { releases } = (await runInside(['ls', '--json', ...store])).json<{ releases: object[] }>();
    expect(releases).toMatchObject([{ state: 'Invalid', reason: { code: '2001' } }]);
  });

  it('makes a scan exit 65 the first time it is found', async () => {
    mkdirSync(commandLine.path('scanned', 'algorithms', 'zips'), { recursive: true });
    writeFileSync(commandLine.path('scanned', 'algorithms', 'zips', 'text.zip'), 'this is not a zip');
    const scan = ['scan', '--store', commandLine.path('scanned')];
    const first = await runInside([...scan, '--json']);
    expect(first.code).toBe(65);
    expect(first.json()).toMatchObject([{ zip: 'text.zip', found: 'new', state: 'Invalid', fault: { code: '2001' } }]);
    expect((await runInside(scan)).code).toBe(0);
  });

  it('makes validate exit 65 with the whole report, which is also a failure object', async () => {
    mkdirSync(commandLine.path('project'));
    writeFileSync(commandLine.path('project', 'manifest.json'), '{"name": "x"}');
    const { code, json } = await runInside(['validate', commandLine.path('project'), '--json']);
    expect(code).toBe(65);
    expect(json()).toMatchObject({ ...FAILURE, code: '2002', name: 'manifest_missing', ok: false });
    expect(json<{ checks: object[] }>().checks).toContainEqual(
      expect.objectContaining({ name: 'manifest', result: 'failed' }),
    );
  });

  it('makes validate --full exit 65 when only its process shows what is wrong', async () => {
    writeSlowProject(commandLine.path('sound'));
    appendFileSync(commandLine.path('sound', 'slow', 'main.py'), "\nraise RuntimeError('no camera here')\n");
    const zip = await zipOf(commandLine, 'sound');
    expect((await runInside(['validate', zip])).code).toBe(0);
    const full = await runInside(['validate', zip, '--full', '--json', '--store', commandLine.path('runtime_store')]);
    expect(full.code).toBe(65);
    expect(full.json()).toMatchObject({ ...FAILURE, code: '3003', ok: false });
    const { checks } = full.json<{ checks: { name: string; result: string; message: string }[] }>();
    expect(checks.at(-1)).toMatchObject({ name: 'probe', result: 'failed' });
    expect(existsSync(commandLine.path('runtime_store', 'algorithms', 'deployed', 'slow'))).toBe(false);
    const project = await commandLine.run(['validate', 'sound', '--full', '--skip-download', '--json']);
    expect(project.code).toBe(65);
    expect(project.json()).toMatchObject({ ...FAILURE, code: '3003', ok: false, subject: 'sound' });
  });

  it('is not packaged in the first place', async () => {
    const { code, stdout } = await commandLine.run(['package', 'project', '--output', 'out']);
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
  });
});

describe('a host that cannot do what it is asked', () => {
  const inShell = (script: string, words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(
      '/bin/sh',
      ['-c', `${script}; exec "$0" "$@"`, process.execPath, MAIN, ...words],
      {
        cwd: mkdtempSync(commandLine.path('work-')),
        encoding: 'utf8',
        env: ENVIRONMENT,
      },
    );
    return { status, stdout, stderr };
  };

  it('is told in words where the working folder is gone, whatever store is named', () => {
    for (const words of [['ls'], ['start', 'a@1', '--store', commandLine.folder]]) {
      const { status, stderr } = inShell('rmdir "$PWD"', words);
      expect(status).toBe(69);
      expect(stderr).toContain(
        'error: The folder this process works in is not there any more. (3020 host_unfit)\nhint: ',
      );
    }
  });

  it('is told in words where there are too few descriptors to load the command', () => {
    // As few as this Node needs for itself and one file; what it takes differs between its versions.
    const file = commandLine.path('empty.mjs');
    writeFileSync(file, '');
    const suffice = (limit: number): boolean =>
      spawnSync('/bin/sh', ['-c', `ulimit -n ${limit}; exec "$0" "$1"`, process.execPath, file]).status === 0;
    const fewest = Array.from({ length: 40 }, (_, i) => i + 12).find(suffice);
    const { status, stderr } = inShell(`ulimit -n ${fewest}`, ['ls']);
    expect(status).toBe(69);
    expect(stderr).toMatch(/^error: .*EMFILE.*\(3020 host_unfit\)\nhint: /);
    const { stdout } = inShell(`ulimit -n ${fewest}`, ['ls', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ ...FAILURE, code: '3020' });
  });

  it('is not said to be a fault of the package where there is no folder for temporary files', async () => {
    const ended = await commandLine.run(['doctor', '--store', commandLine.path('none')], {
      TMPDIR: commandLine.path('no', 'such'),
    });
    expect(ended.stdout + ended.stderr).not.toContain('9999');
  });
});

describe('a store that is not there', () => {
  it('is not made by a command that would find nothing in it', async () => {
    const { code, stderr } = await runInside(['activate', 'a@1', '--pid', 'A01', '--store', commandLine.path('typo')]);
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no store at ${commandLine.path('typo')}.`);
    expect(existsSync(commandLine.path('typo'))).toBe(false);
  });
});

describe('a trace that was changed', () => {
  it('is shown as far as it is sound, then exits 78', async () => {
    const recorder = recorderIn(commandLine.path('traces'));
    const opening = recorder.kind({ a: 'runner', m: 'runner', e: 'xstate.init', b: null, f: 'Opening', d: ['n'] });
    for (const n of [1, 2]) {
      recorder.record(opening, `,${n}`);
      recorder.flush();
    }
    recorder.close();
    writeFileSync(commandLine.path('odd.trace.jsonl'), readFileSync(recorder.file(), 'utf8').replace(/,2\]$/m, ',3]'));
    const plain = await runInside(['trace', 'show', commandLine.path('odd.trace.jsonl')]);
    expect(plain.code).toBe(78);
    expect(plain.stdout).toMatch(/^ {4}#1 +\+0\.\d{6} {2}runner {2}\(new\) → Opening {2}xstate\.init {2}\{"n":1\}\n$/);
    expect(plain.stderr).toContain('3018 store_corrupt');
    const json = await runInside(['trace', 'show', commandLine.path('odd.trace.jsonl'), '--json']);
    expect(json.json()).toMatchObject([{ seq: 1, actor: 'runner', before: null, after: 'Opening' }]);
    expect(json.stderr).toContain('3018 store_corrupt');
  });
});
