import { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { scratchFolder } from '../runner/support/folders.js';
import { rogueZip } from '../runner/support/packages.js';
import { IMAGE, openRunner } from '../runner/support/runners.js';
import { eventually } from '../support/eventually.js';
import { Desk } from './support/command-line.js';
import { livingLine } from './support/living-line.js';
import { runInside } from './support/run-inside.js';

/** What commands say of runs whose Runner works, was killed, or came after another. */
const commandLine = new Desk();
afterAll(() => commandLine.remove());
const store = join(scratchFolder(), 'store');
const timings = { pingIntervalMs: 300, pongGraceMs: 2_000 };
const run = (...words: string[]) => runInside([...words, '--store', store]);
const words = async (...given: string[]) => (await run(...given)).stdout;

beforeAll(async () => {
  const runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.install(rogueZip({ name: 'good', version: '2.0.0' }), { target: 'Deployed' });
  await runner.activate('good@1.0.0', ['A01']);
  await runner.close();
});

describe('a living Runner, and the same one killed', () => {
  it('is named as what it is by every command', async () => {
    const line = await livingLine({ store, timings });
    await eventually(async () => expect(await words('trace', 'ls')).toContain('open: its Runner works'));
    // Records are written a moment after what they tell of.
    const isServing = /^package\/good@1\.0\.0 is (Running|Executing)/;
    await eventually(async () => expect(await words('trace', 'next', 'good@1.0.0')).toMatch(isServing));

    // An earlier run closed; this one did not.
    expect(await words('trace', 'why', 'runner')).toMatch(/^runner is Serving since /);
    expect(await words('trace', 'why', 'A01')).toMatch(/^route\/A01 is Serving since /);
    const standby = await run('trace', 'next', 'good@2.0.0');
    expect(standby.stderr).not.toContain('error:');
    expect(standby.stdout).toMatch(/^package\/good@2\.0\.0 is Deployed/);
    expect(standby.stdout).toMatch(/^yes +package\.start +Deployed/m);

    const following = commandLine.begin(['trace', 'follow', '--json', '--tail', '1', '--store', store]);
    await new Promise<void>((resolve) => following.child.stdout?.once('data', () => resolve()));
    await line.end('SIGKILL');
    const { code, stderr, stdout } = await following.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/its Runner was killed at 20\S+Z, or soon after/);
    for (const text of stdout.trimEnd().split('\n')) expect(JSON.parse(text)).toHaveProperty('seq');

    expect(await words('trace', 'ls')).toMatch(/not closed: its Runner was killed at 20/);
    expect(await words('trace', 'why', 'good@1.0.0')).toMatch(
      /^package\/good@1\.0\.0 was last Running .*; its Runner was killed at 20/,
    );
    expect(await words('trace', 'next', 'A01')).toMatch(/^route\/A01 was last Serving; its Runner was killed at 20/);
    expect((await run('trace', 'why', 'A01', '--json')).json()).toMatchObject({
      runner: { life: 'killed', at: expect.stringMatching(/^20/) as string },
    });
    const replayed = await run('replay', readdirSync(storeLayout(store).traces).at(-1)?.split('.')[0] ?? '');
    expect(replayed.stderr).toMatch(/the end is missing: its Runner was killed at 20/);
    expect(replayed.code).toBe(1);
  }, 60_000);
});

describe('names that a trace does not hold', () => {
  it.each([
    [['why', 'good@1.0.1'], '"good@1.0.1" is no actor of this trace', 'good@1.0.0'],
    [['next', 'A02'], '"A02" is no actor of this trace', 'A01'],
    [['show', '--actor', 'package/god@1.0.0'], '"package/god@1.0.0" is no actor', 'package/good@1.0.0'],
    [['show', '--pid', 'A10'], '"A10" is no product id of this trace', 'A01'],
    [['show', '--release', 'good@1.0'], '"good@1.0" is no release of this trace', 'good@1.0.0'],
    [['show', '--event', 'process.redy'], '"process.redy" is no event of this trace', 'process.ready'],
    [['show', '--call', '77'], '"77" is no call of this trace', ''],
    [['stats', '--actor', 'package/god@1.0.0'], '"package/god@1.0.0" is no actor', 'package/good@1.0.0'],
    [['stats', '--release', 'goood@1.0.0'], '"goood@1.0.0" is no release', 'good@1.0.0'],
    [['follow', '--event', 'cal.requested'], '"cal.requested" is no event', ''],
  ])('trace %j is refused with the nearest', async (given, message, near) => {
    const { code, stderr } = await run('trace', ...given);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
    if (near !== '') expect(stderr).toMatch(new RegExp(`hint: Did you mean .*"${near.replaceAll('.', '\\.')}"`));
  });
});

it('a file that was cut says that its end is missing', async () => {
  const { traces } = storeLayout(store);
  const [name = ''] = readdirSync(traces);
  const cut = commandLine.path(name);
  copyFileSync(join(traces, name), cut);
  truncateSync(cut, readFileSync(cut).length - 60);
  const { stderr, code } = await run('replay', cut);
  expect(stderr).toContain('the end is missing: the file was cut, or its Runner was killed');
  expect(code).toBe(1);
  const told = (await run('replay', cut, '--json')).json<{ last_seq: number }>();
  expect(told).toMatchObject({ ok: false, complete: false, exact: true, runner: { life: 'cut', at: null } });
  // Whoever asks for a part that is there gets all of it.
  expect((await run('replay', cut, '--until', '10', '--json')).json()).toMatchObject({ ok: true, complete: true });
});

it('a run with a hole is not one whose every record led where the machines lead', async () => {
  const other = join(scratchFolder(), 'store');
  const runner = await openRunner({ store: other, trace: { fileBytesMax: 2_000 } });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.activate('good@1.0.0', ['A01']);
  for (let i = 0; i < 40; i++) await runner.detect({ pid: 'A01', image: IMAGE });
  await runner.close();
  const { traces } = storeLayout(other);
  const replay = async (...more: string[]) => {
    const { code, json } = await runInside(['replay', 'latest', '--json', ...more, '--store', other]);
    return { code, ...json<{ gaps: { before_seq: number; missing: number }[] }>() };
  };
  expect(await replay()).toMatchObject({ code: 0, ok: true, complete: true, exact: true, gaps: [] });
  const files = readdirSync(traces).sort();
  expect(files.length).toBeGreaterThan(3);
  rmSync(join(traces, files[2] ?? ''));
  const told = await replay();
  expect(told).toMatchObject({ code: 1, ok: false, complete: false, exact: true });
  expect(told.gaps).toHaveLength(1);
  const { before_seq: after = 0, missing = 0 } = told.gaps[0] ?? {};
  expect(await replay('--until', String(after - missing - 1))).toMatchObject({ code: 0, ok: true, complete: true });
});
