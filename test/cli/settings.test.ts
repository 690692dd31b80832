import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PYTHON } from '../support/python.js';
import { Desk } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

const commandLine = new Desk();
afterAll(() => commandLine.remove());

function storeWith(name: string, settings: string): string {
  const store = commandLine.path(name);
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, 'settings.json'), settings);
  return store;
}

const store = storeWith(
  'right',
  JSON.stringify({ timings: { executeMs: 45_000 }, releases: { slow: { timings: { helloMs: 120_000 } } } }),
);

describe('settings show', () => {
  it('prints each setting, its value and where it comes from', async () => {
    const { code, stdout } = await runInside(['settings', 'show', '--store', store]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^timings\.executeMs +45000 +settings\.json \(default 30000\)$/m);
    expect(stdout).toMatch(/^timings\.helloMs +30000 +default$/m);
    expect(stdout).toMatch(/^releases\.slow\.timings\.helloMs +120000 +settings\.json \(default 30000\)$/m);
    expect(stdout).toMatch(/^memory\.killBytes +- +default$/m);
  });

  it('prints those of a release alone, and only what is set', async () => {
    const { json } = await runInside([
      'settings',
      'show',
      '--release',
      'slow@1.0.0',
      '--set',
      '--json',
      '--store',
      store,
    ]);
    expect(json()).toMatchObject({
      exists: true,
      release: 'slow@1.0.0',
      settings: [
        { setting: 'timings.helloMs', value: 120_000, default: 30_000, origin: 'releases.slow.timings.helloMs' },
        { setting: 'timings.confirmMs', value: 120_000, default: 30_000, origin: 'releases.slow.timings.helloMs' },
        { setting: 'timings.executeMs', value: 45_000, default: 30_000, origin: 'timings.executeMs' },
      ],
    });
  });
});

describe('settings check', () => {
  it('says that a file is right, and warns of a release that is not there', async () => {
    const { code, stdout, stderr } = await runInside(['settings', 'check', '--store', store]);
    expect(code).toBe(0);
    expect(stdout).toContain('settings.json: right; 2 set');
    expect(stderr).toContain('releases.slow: there is no such release in the store.');
  });

  it('exits 78 and names the nearest setting', async () => {
    const wrong = storeWith('wrong', '{"timings": {"execteMs": 1}}');
    const { code, json } = await runInside(['settings', 'check', '--json', '--store', wrong]);
    expect(code).toBe(78);
    expect(json()).toMatchObject({
      code: '3034',
      details: { problems: ['timings.execteMs: there is no such setting. Did you mean "executeMs"?'] },
    });
    expect((await runInside(['scan', '--store', wrong])).code).toBe(78);
  });
});

describe('doctor looks at what the settings of the store say', () => {
  const pythons = ({ checks }: Diagnosis): readonly string[] =>
    checks.flatMap(({ name, result, message }) => (name === 'python' ? [`${result} ${message}`] : []));
  interface Diagnosis {
    readonly ok: boolean;
    readonly checks: readonly { readonly name: string; readonly result: string; readonly message: string }[];
  }
  const diagnose = async (name: string, settings: string): Promise<Diagnosis> =>
    (await runInside(['doctor', '--json', '--store', storeWith(name, settings)])).json<Diagnosis>();

  it('at the interpreters they name and at no other', async () => {
    const interpreters = [PYTHON, { path: '/nowhere/python3', systemPackages: true }];
    const told = pythons(await diagnose('named', JSON.stringify({ interpreters })));
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^passed Python 3\./);
    expect(told[1]).toMatch(/^warning \/nowhere\/python3, named by the settings, cannot be used: /);
  });

  it('and fails where none of them works, or the file is wrong', async () => {
    const none = await diagnose('none', JSON.stringify({ interpreters: ['/nowhere/python3'] }));
    expect(none).toMatchObject({ ok: false });
    expect(pythons(none).at(-1)).toBe('failed No Python interpreter works here.');
    const wrong = await diagnose('wrong too', '{"timings": 1}');
    expect(wrong).toMatchObject({ ok: false });
    expect(wrong.checks).toContainEqual(expect.objectContaining({ name: 'settings', result: 'failed' }));
  });
});
