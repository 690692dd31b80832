import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { readdirSync } from 'node:fs';
import { scratchFolder } from '../runner/support/folders.js';
import { goodStore, makeGoodStore } from './support/good-store.js';
import { runInside } from './support/run-inside.js';

/** What a store does not hold is refused by every command, with the nearest names. */
const good = goodStore();
const { store, image } = good;
const output = join(scratchFolder(), 'it.test.ts');
const run = (...words: string[]) => runInside([...words, '--store', store]);
let traceRun = '';

beforeAll(async () => {
  await makeGoodStore(good, { manifest: { supported_pids: ['A01', 'A02', 'B07', 'C55'] }, pids: ['A01', 'B07'] });
  traceRun = (readdirSync(storeLayout(store).traces)[0] ?? '').split('.')[0] ?? '';
});

describe('a release that does not exist', () => {
  it.each<[string, string[]]>([
    ['start', ['start', 'god@1.0.0']],
    ['stop', ['stop', 'god@1.0.0']],
    ['uninstall', ['uninstall', 'god@1.0.0']],
    ['uninstall --force', ['uninstall', 'god@1.0.0', '--force']],
    ['activate', ['activate', 'god@1.0.0', '--pid', 'A02']],
    ['switch', ['switch', 'god@1.0.0', '--pid', 'A01']],
    ['rollback --to', ['rollback', 'A01', '--to', 'god@1.0.0']],
    ['logs', ['logs', 'god@1.0.0']],
    ['settings show', ['settings', 'show', '--release', 'god@1.0.0']],
  ])('is refused by %s with the nearest', async (_, words) => {
    const { code, stderr } = await run(...words);
    expect(stderr).toMatch(/^error: There is no (release|log of) god@1\.0\.0 .*3011 release_not_found/m);
    expect(stderr).toMatch(/^hint: Did you mean "good@1\.0\.0"/m);
    expect(code).toBe(1);
  });
});

describe('a product id that does not exist', () => {
  it.each<[string, string[]]>([
    ['detect', ['detect', '--pid', 'B08', '--image', image]],
    ['deactivate', ['deactivate', 'B08']],
    ['rollback', ['rollback', 'B08']],
    ['rollback --to', ['rollback', 'B08', '--to', 'good@1.0.0']],
    ['switch', ['switch', 'good@2.0.0', '--pid', 'A01', 'B08']],
    ['confirm', ['confirm', '--pid', 'B08']],
    ['history', ['history', 'B17']],
    ['logs', ['logs', '--pid', 'B08']],
  ])('is refused by %s with the nearest', async (_, words) => {
    const { code, stderr } = await run(...words);
    expect(stderr).toMatch(/^error: .*B\d\d.*1001 invalid_pid/m);
    expect(stderr).toMatch(/^hint: Did you mean "B07"/m);
    expect(code).toBe(1);
  });

  it('is refused by activate with those the release supports', async () => {
    const { stderr } = await run('activate', 'good@1.0.0', '--pid', 'A03');
    expect(stderr).toContain('good@1.0.0 does not support the PID A03.');
    expect(stderr).toMatch(/^hint: Did you mean "A0[12]" or "A0[12]"\? There are: A01, A02, B07, C55\.$/m);
  });

  it('but is supported is bound first: the hint is the command', async () => {
    const { stderr } = await run('detect', '--pid', 'A02', '--image', image);
    expect(stderr).toMatch(/hint: good@1\.0\.0 supports it: bind it with `procvision activate good@1\.0\.0 --pid A02`/);
    const moved = await run('switch', 'good@2.0.0', '--pid', 'A02');
    expect(moved.stderr).toContain('`procvision activate good@2.0.0 --pid A02`');
  });

  it('and is known, though nothing happened to it, gets an empty answer', async () => {
    expect(await run('logs', '--pid', 'C55', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(await run('history', 'C55', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
  });
});

describe('a run that does not exist', () => {
  it.each<[string, (run: string) => string[]]>([
    ['trace show', (name) => ['trace', 'show', name]],
    ['trace why', (name) => ['trace', 'why', 'A01', name]],
    ['trace next', (name) => ['trace', 'next', 'A01', name]],
    ['trace stats', (name) => ['trace', 'stats', name]],
    ['trace export-test', (name) => ['trace', 'export-test', name, '--actor', 'runner', '--output', output]],
    ['replay', (name) => ['replay', name]],
    ['diagram --trace', (name) => ['diagram', 'route', '--trace', name]],
  ])('is refused by %s with the nearest', async (_, words) => {
    const { code, stderr } = await run(...words(`${traceRun.slice(0, -1)}x`));
    expect(stderr).toContain('no run of that name');
    expect(stderr).toContain(`hint: Did you mean "${traceRun}"`);
    expect(code).toBe(1);
    // Its number is enough to be understood.
    expect((await run(...words(traceRun.slice(0, 6)))).stderr).toContain(`Did you mean "${traceRun}"`);
  });
});

describe('what else has a name', () => {
  it.each<[string, string[], RegExp]>([
    ['a machine', ['diagram', 'rout'], /no machine "rout".*\nhint: Did you mean "route"/],
    ['a state', ['diagram', 'package', '--state', 'Stoped'], /no state Stoped.*\nhint: Did you mean "Stopped"/],
    [
      'an actor of a diagram',
      ['diagram', 'route', '--trace', 'latest', '--actor', 'route/A09'],
      /"route\/A09" is no actor of this trace.*\nhint: Did you mean .*"route\/A0/,
    ],
    [
      'an actor of a test',
      ['trace', 'export-test', 'latest', '--actor', 'route/A09', '--output', output],
      /"route\/A09" is no actor of this trace.*\nhint: Did you mean .*"route\/A0/,
    ],
    ['a command', ['instal', 'x.zip'], /unknown command 'instal'.*Did you mean install/],
    [
      'a command that help is asked for',
      ['help', 'trace', 'shwo'],
      /no command "trace shwo".*\nhint: Did you mean "trace show"/,
    ],
    ['an option', ['logs', '--levle', 'warn'], /unknown option '--levle'.*Did you mean --level/],
  ])('%s is refused with the nearest', async (_, words, told) => {
    const { code, stderr } = await run(...words);
    expect(stderr).toMatch(told);
    expect(code).toBe(64);
  });

  it('an actor of a test may go by its end', async () => {
    const { code, stdout } = await run('trace', 'export-test', traceRun, '--actor', 'good@1.0.0', '--output', output);
    expect(stdout).toContain('records of package/good@1.0.0');
    expect(code).toBe(0);
  });
});
