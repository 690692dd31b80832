import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { readStore } from '../../src/runner/status/read-store.js';
import type { Runner, RunnerError } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { census } from './support/census.js';
import type { Census } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip, fileOf, rogueZip, SDK_WHEEL } from './support/packages.js';
import type { Recipe } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.activate('good@1.0.0', ['A01']);
  await runner.detect({ pid: 'A01', image: IMAGE });
});

const bytesOf = (recipe: Recipe): Buffer => readFileSync(eyesZip(recipe));
const manifestOf = (manifest: Recipe['manifest']) => eyesZip({ name: 'bad-fields', ...(manifest && { manifest }) });
const withEntry = (name: string, entry: object): string =>
  eyesZip({ name, entries: [{ name: '../evil.py', data: 'x', ...entry }] });

/** What is wrong, the zip, its code, and what the message must name. */
const BAD: readonly [what: string, zip: () => string, code: string, names: RegExp][] = [
  ['not a zip', () => fileOf('hello', 'no-zip.zip'), '2001', /not a zip|zip/i],
  ['an empty file', () => fileOf('', 'empty.zip'), '2001', /zip|empty/i],
  ['a truncated zip', () => fileOf(bytesOf({ name: 'cut' }).subarray(0, -100), 'cut.zip'), '2001', /zip|end/i],
  ['a zip whose content was changed', () => fileOf(changed(bytesOf({ name: 'crc' })), 'crc.zip'), '2001', /eyes\.py/],
  ['no manifest', () => eyesZip({ name: 'none', files: { 'manifest.json': null } }), '2002', /manifest/],
  [
    'two manifests',
    () => eyesZip({ name: 'two', files: { 'more/manifest.json': '{}' } }),
    '2002',
    /more\/manifest\.json/,
  ],
  ['a manifest that is not JSON', () => eyesZip({ name: 'x', files: { 'manifest.json': '{' } }), '2002', /line 1/],
  ['a manifest without PIDs', () => manifestOf({ supported_pids: [] }), '2002', /\/supported_pids/],
  ['a manifest with a bad name', () => manifestOf({ name: '../up' }), '2002', /\/name/],
  [
    'a manifest with a bad step',
    () => manifestOf({ steps: [{ index: 'one', name: 'x' }] }),
    '2002',
    /\/steps\/0\/index/,
  ],
  ['a path out of the package', () => withEntry('traversal', {}), '2001', /\.\.\/evil\.py/],
  ['an absolute path', () => withEntry('absolute', { name: '/tmp/evil.py' }), '2001', /\/tmp\/evil\.py/],
  ['a symlink', () => withEntry('link', { name: 'link', data: '/etc', mode: 0o120777 }), '2001', /link/],
  [
    'a bomb',
    () => withEntry('bomb', { name: 'bomb.bin', data: Buffer.alloc(32 << 20), deflate: true }),
    '2001',
    /bomb\.bin/,
  ],
  ['no wheels', () => eyesZip({ name: 'no-wheels', wheels: {} }), '2004', /wheels/],
  ['a missing wheel', () => eyesZip({ name: 'lacks', requirements: 'numpy==1.26.0\n' }), '2004', /numpy/],
  [
    'a wheel that is none',
    () => eyesZip({ name: 'fake', wheels: { [SDK_WHEEL.file]: Buffer.from('x') } }),
    '2001',
    /\.whl/,
  ],
  [
    'an interpreter nobody has',
    () => eyesZip({ name: 'future', files: { '.procvision_env.json': '{"python_version":"3.99"}' } }),
    '2003',
    /3\.99.*found/,
  ],
  [
    'a requirements file elsewhere',
    () => eyesZip({ name: 'r', requirements: '-r http://127.0.0.1/r.txt\n' }),
    '2001',
    /-r/,
  ],
  [
    'a requirement from the net',
    () => eyesZip({ name: 'n', requirements: 'x @ http://127.0.0.1/x.whl\n' }),
    '2001',
    /@/,
  ],
  ['a requirement from a folder', () => eyesZip({ name: 'l', requirements: './local\n' }), '2001', /\.\/local/],
  ['no requirements', () => eyesZip({ name: 'no-req', files: { 'requirements.txt': null } }), '2001', /requirements/],
  ['no entry module', () => eyesZip({ name: 'no-entry', files: { 'eyes.py': null } }), '2001', /eyes/],
  [
    'a missing asset',
    () => eyesZip({ name: 'no-asset', manifest: { required_assets: { A01: { model: 'assets/m.onnx' } } } }),
    '2001',
    /assets\/m\.onnx/,
  ],
];

describe.each(BAD)('%s', (_what, zip, code, names) => {
  let before: Census;
  let refusal: RunnerError;
  let key = '';

  beforeAll(async () => {
    before = census(runner, layout);
    const known = new Set(runner.list().releases.map(({ release }) => release));
    refusal = await refusalOf(runner.install(zip()));
    key = runner.list().releases.find(({ release }) => !known.has(release))?.release ?? '';
  });

  test(`is refused with ${code}, naming what is wrong and what to do`, () => {
    expect(refusal).toMatchObject({ code });
    expect(refusal.message).toMatch(names);
    expect(refusal.hint.length).toBeGreaterThan(10);
  });

  test('rests Invalid with its reason, in the list and in the registry', async () => {
    const found = { release: key, state: 'Invalid', wanted: 'stopped', reason: { code, message: refusal.message } };
    expect(runner.list().releases).toContainEqual(
      expect.objectContaining({ ...found, reason: expect.objectContaining(found.reason) as object }),
    );
    expect((await readStore(store)).releases.find(({ release }) => release === key)).toMatchObject(found);
  });

  test('is refused to whoever activates it, with that reason', async () => {
    const error = await refusalOf(runner.activate(key, ['Z99']));
    expect(error).toMatchObject({ code: '2006', details: { reason: { code } } });
    expect(error.message).toBe(`${key} is Invalid: ${code} ${refusal.message}`);
    expect(error.hint).toContain('install the corrected zip');
  });

  test('leaves nothing behind, and the Runner goes on serving', async () => {
    await expect.poll(() => census(runner, layout)).toEqual(before);
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
  });

  test('can be discarded', async () => {
    await runner.uninstall(key);
    expect(runner.list().releases.map(({ release }) => release)).not.toContain(key);
  });
});

describe('an invalid package', () => {
  test('that was replaced by a sound one of the same name and version is deployed', async () => {
    await refusalOf(runner.install(eyesZip({ name: 'mended', wheels: {} })));
    const { state } = await runner.install(rogueZip({ name: 'mended', manifest: { supported_pids: ['M01'] } }));
    expect(state).toBe('Running');
    await runner.stop('mended@1.0.0');
    await runner.uninstall('mended@1.0.0');
  });

  test('tells in its report which checks it passed and which it failed', async () => {
    await refusalOf(
      runner.install(eyesZip({ name: 'reported', requirements: './local\n', files: { 'eyes.py': null } })),
    );
    const entry = JSON.parse(readFileSync(layout.registry, 'utf8')) as { packages?: unknown };
    const text = JSON.stringify(entry);
    for (const check of ['archive', 'manifest', 'requirements', 'entry_point'])
      expect(text).toContain(`"name":"${check}"`);
    await runner.uninstall('reported@1.0.0');
  });
});

test('a zip that is not there is refused, and nothing is registered', async () => {
  const known = runner.list().releases.length;
  expect(await refusalOf(runner.install('/nowhere/x.zip'))).toMatchObject({ code: '2001' });
  expect(runner.list().releases).toHaveLength(known);
});

/** One byte of the algorithm's source is another than its checksum says. */
function changed(zip: Buffer): Buffer {
  const at = zip.indexOf('the lens is gone');
  zip.write('The', at);
  return zip;
}
