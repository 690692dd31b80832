import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk, EXAMPLES } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

/** The tour goes on: a new version takes over, is taken back, and the old one goes. Each test is the next step. */
const commandLine = new Desk();
const store = commandLine.path('store');
const RELEASE = 'screw-check@1.0.0';
const NEWER = 'screw-check@1.1.0';
const IMAGE = join(EXAMPLES, 'images', 'screw-check', 'control-board-01.jpg');

const run = (...words: string[]) => commandLine.run(words, { PROCVISION_STORE: 'store' });
/** Where a process of its own adds nothing: test/docs/commands.test.ts runs the same commands as a person does. */
const look = (...words: string[]) => runInside(words, { PROCVISION_STORE: store });

beforeAll(async () => {
  const { stdout } = await run('package', join(EXAMPLES, 'screw-check'), '--output', 'packages');
  await look('install', commandLine.path(stdout.trim()), '--no-start');
  expect((await look('activate', RELEASE, '--pid', 'A01', 'A02')).code).toBe(0);
});
afterAll(() => commandLine.remove());

describe('the successor of a release', () => {
  it('is deployed beside it; the next step is to switch', async () => {
    cpSync(join(EXAMPLES, 'screw-check'), commandLine.path('newer'), { recursive: true });
    const manifest = readFileSync(commandLine.path('newer', 'manifest.json'), 'utf8');
    writeFileSync(
      commandLine.path('newer', 'manifest.json'),
      manifest.replace('"version": "1.0.0"', '"version": "1.1.0"'),
    );
    const { stdout } = await run('package', 'newer', '--output', 'packages');
    const installed = await look('install', commandLine.path(stdout.trim()), '--no-start');
    expect(installed.stdout).toBe(`${NEWER} is Deployed\n`);
    expect(installed.stderr).toContain(`next: procvision switch ${NEWER} --pid A01 A02`);
  });

  it('takes over, on probation; the next step is to look at an image', async () => {
    const { code, stdout, stderr } = await look('switch', NEWER, '--pid', 'A01', 'A02');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `A01 → ${NEWER} (was ${RELEASE})\nA02 → ${NEWER} (was ${RELEASE})\n`,
    });
    expect(stderr).toContain(`on probation: the next Runner on this store keeps ${RELEASE} warm`);
    expect(stderr).toContain('next: procvision detect --pid A01 --image image.png');
    const { routes } = (await look('ls', '--json')).json<{ routes: object[] }>();
    const bound = { release: NEWER, previous: RELEASE, on_probation: true, fault: null };
    expect(routes).toMatchObject([
      { pid: 'A01', ...bound },
      { pid: 'A02', ...bound },
    ]);
    expect((await look('ls')).stdout).toMatch(/^A02 +screw-check@1\.1\.0 +\S+Z +screw-check@1\.0\.0 +on probation$/m);
  });

  it('inspects from then on', async () => {
    const { json } = await look('detect', '--pid', 'A02', '--image', IMAGE, '--json');
    expect(json()).toMatchObject([{ release: NEWER, verdict: 'OK' }]);
  });

  it('gives way in a rollback, product id by product id', async () => {
    const { code, stdout, stderr } = await look('rollback', 'A01');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `A01 → ${RELEASE} (was ${NEWER})\n` });
    expect(stderr).toContain('next: procvision history A01');
  });

  it('is in the history of each product id, with who did what and how it ended', async () => {
    const { stdout } = await look('history', 'A01');
    const [headings, ...rows] = stdout.trimEnd().split('\n');
    expect(headings).toMatch(/^time +who +what +outcome +from +to +reason$/);
    expect(rows.map((row) => row.split(/ +/).slice(1))).toEqual([
      ['cli', 'activate', 'done', RELEASE],
      ['cli', 'switch', 'done', RELEASE, NEWER],
      ['cli', 'rollback', 'done', NEWER, RELEASE],
    ]);
    const ofOther = (await look('history', 'A02', '--json')).json<object[]>();
    expect(ofOther.at(-1)).toMatchObject({ what: 'switch', from: RELEASE, to: NEWER });
  });

  it('stays where it has proved itself, by the word of a person', async () => {
    expect((await look('confirm', '--pid', 'A02')).stdout).toBe(`A02 → ${NEWER}, its probation is over\n`);
    expect((await look('prune', '--keep', '1')).stderr).toContain('nothing to remove');
  });

  it('outlives the release before it, which is pruned when nobody needs it: first shown, then removed', async () => {
    expect((await look('deactivate', 'A01', 'A02')).stdout).toBe(
      `A01 is not bound any more (was ${RELEASE})\nA02 is not bound any more (was ${NEWER})\n`,
    );
    expect((await look('prune')).stderr).toContain('nothing to remove');
    const shown = await look('prune', '--keep', '1');
    expect({ code: shown.code, stdout: shown.stdout }).toEqual({ code: 0, stdout: `${RELEASE}\n` });
    expect(shown.stderr).toContain('nothing was removed\nnext: procvision prune --keep 1 --yes');
    const { json } = await look('prune', '--keep', '1', '--yes', '--json');
    expect(json()).toEqual({ removable: [], removed: [RELEASE] });
    const { releases } = (await look('ls', '--json')).json<{ releases: object[] }>();
    expect(releases).toMatchObject([{ release: NEWER }]);
  });
});
