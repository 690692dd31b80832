import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identifyPackage, validatePackage } from '../../../src/package/index.js';
import type { CheckName, Interpreter } from '../../../src/package/index.js';
import { MANIFEST, SDK_RECIPE, packageBytes } from '../support/package-bytes.js';
import type { PackageRecipe } from '../support/package-bytes.js';
import { pretendInterpreter } from '../support/pretend-interpreter.js';
import { refused } from '../support/refused.js';
import { everythingIn, tempFolder } from '../support/temp-folder.js';
import { wheelBytes, wheelFile } from '../support/wheel-bytes.js';
import type { WheelRecipe } from '../support/wheel-bytes.js';
import { RunnerError } from '../../../src/base/errors/index.js';

const folder = await tempFolder();
const here = [pretendInterpreter('3.10.13'), pretendInterpreter('3.11.7')];

async function put(bytes: Buffer): Promise<string> {
  const zip = join(await mkdtemp(join(folder, 'zip-')), 'screw-check-v1.0.0-offline.zip');
  await writeFile(zip, bytes);
  return zip;
}

async function validate(recipe: PackageRecipe = {}, interpreters: readonly Interpreter[] = here) {
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const outcome = await validatePackage(await put(packageBytes(recipe)), { interpreters, scratch });
  expect(await everythingIn(scratch)).toEqual([]);
  const results = Object.fromEntries(outcome.report.checks.map(({ name, result }) => [name, result]));
  return { ...outcome, results };
}

describe('a sound package', () => {
  it('passes every check, and tells what a deployment needs', async () => {
    const bytes = packageBytes();
    const zip = await put(bytes);
    const { report, validated } = await validatePackage(zip, { interpreters: here });
    expect(report).toMatchObject({ ok: true, subject: zip });
    expect(report.checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'archive passed',
      'layout passed',
      'manifest passed',
      'requirements passed',
      'wheels_present passed',
      'interpreter passed',
      'wheels_resolve passed',
      'entry_point passed',
      'assets passed',
      'file_name passed',
    ]);
    expect(validated?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(validated?.interpreter).toBe(here[0]);
    expect(validated?.manifest.name).toBe('screw-check');
    expect(validated?.requirements).toEqual([
      {
        name: 'procvision_algorithm_sdk',
        version: '0.1.0',
        file: wheelFile(SDK_RECIPE),
        sha256: createHash('sha256').update(wheelBytes(SDK_RECIPE)).digest('hex'),
      },
    ]);
    expect(validated?.plan.get('manifest.json')).toBe('manifest.json');
  });

  it('has a report that is plain JSON', async () => {
    const { report } = await validate();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it.each(['inside', 'beside'] as const)('may lie in one top folder with wheels/ %s', async (wheels) => {
    const { report, validated } = await validate({ top: { folder: 'screw-check', wheels } });
    expect(report.fault).toBeUndefined();
    expect(validated?.plan.get('screw-check/manifest.json')).toBe('manifest.json');
  });

  it('gets the SDK although requirements.txt does not list it: the entry point runs through it', async () => {
    const { validated } = await validate({ requirements: '' });
    expect(validated?.requirements.map(({ name }) => name)).toEqual(['procvision_algorithm_sdk']);
  });

  it('does not need the SDK when it brings it as source, or runs by itself', async () => {
    const tiny = { name: 'tiny', version: '1.0' };
    const files = { 'procvision_algorithm_sdk/__init__.py': '' };
    expect((await validate({ requirements: '', wheels: [tiny], files })).validated?.requirements).toEqual([]);
    const manifest = { ...MANIFEST, entry_point: 'screw_check.main' };
    expect((await validate({ requirements: '', wheels: [tiny], manifest })).validated?.requirements).toEqual([]);
  });

  it.each<[string, string, Record<string, string>]>([
    [
      'a module compiled for one Python',
      'screw_check.fast:Check',
      { 'screw_check/fast.cpython-311-x86_64-linux-gnu.so': '' },
    ],
    ['a module of byte code', 'screw_check.fast:Check', { 'screw_check/fast.pyc': '' }],
    ['a package', 'screw_check:Check', {}],
    ['a package that runs itself', 'tool', { 'tool/__main__.py': '' }],
    ['a file', 'bin/run.py', { 'bin/run.py': '' }],
  ])('may enter by %s', async (_, entry, files) => {
    const { results } = await validate({ manifest: { ...MANIFEST, entry_point: entry }, files });
    expect(results['entry_point']).toBe('passed');
  });

  it('may enter by a module of one of its wheels', async () => {
    const tiny = { name: 'tiny', version: '1.0' };
    const { report } = await validate({
      manifest: { ...MANIFEST, entry_point: 'tiny:Check' },
      requirements: 'tiny==1.0',
      wheels: [tiny, SDK_RECIPE],
    });
    expect(report.checks.find(({ name }) => name === 'entry_point')).toMatchObject({
      result: 'passed',
      message: 'tiny:Check is in tiny-1.0-py3-none-any.whl',
    });
  });

  it('is known by its manifest', async () => {
    expect(await identifyPackage(await put(packageBytes({ top: { folder: 'x', wheels: 'beside' } })))).toEqual({
      name: 'screw-check',
      version: '1.0.0',
    });
    await refused(identifyPackage(await put(Buffer.from('no zip'))), 'invalid_zip');
    await refused(identifyPackage(await put(packageBytes({ manifest: '{}' }))), 'manifest_missing');
  });
});

describe('a package that is not sound fails its check with a code:', () => {
  it.each<[string, PackageRecipe, CheckName, string, RegExp]>([
    ['a manifest that is no JSON', { manifest: '{' }, 'manifest', '2002', /line 1, column 2/],
    ['a manifest without steps', { manifest: { ...MANIFEST, steps: [] } }, 'manifest', '2002', /\/steps must have/],
    ['two manifests', { files: { 'other/manifest.json': '{}' } }, 'layout', '2002', /other\/manifest\.json/],
    [
      'requirements from the network',
      { requirements: '-r http://example.org/r.txt' },
      'requirements',
      '2001',
      /line 1/,
    ],
    [
      'an address among the requirements',
      { requirements: 'a @ http://example.org/a.whl' },
      'requirements',
      '2001',
      /address/,
    ],
    ['a local folder among the requirements', { requirements: './local' }, 'requirements', '2001', /path/],
    ['no wheels', { wheels: [] }, 'wheels_present', '2004', /no wheels\/ folder/],
    [
      'a requirement without a wheel',
      { requirements: 'numpy==1.26.4' },
      'wheels_resolve',
      '2004',
      /line 1 needs numpy==1\.26\.4/,
    ],
    [
      'a dependency of a wheel without a wheel',
      { wheels: [{ ...SDK_RECIPE, requires: ['numpy>=1.20'] }] },
      'wheels_resolve',
      '2004',
      /procvision_algorithm_sdk 0\.1\.0 needs numpy>=1\.20/,
    ],
    [
      'no SDK',
      { requirements: '', wheels: [{ name: 'tiny', version: '1.0' }] },
      'wheels_resolve',
      '2004',
      /entry point .* needs procvision_algorithm_sdk/,
    ],
    [
      'a wheel that lies',
      {
        wheels: [{ ...SDK_RECIPE, record: (lines) => lines.map((line) => line.replace(/sha256=..../, 'sha256=abcd')) }],
      },
      'wheels_present',
      '2001',
      /another content than recorded/,
    ],
    [
      'a wheel that replaces the interpreter',
      { wheels: [{ ...SDK_RECIPE, files: { 'procvision_algorithm_sdk-0.1.0.data/scripts/python': '' } }] },
      'wheels_present',
      '2001',
      /replace the interpreter/,
    ],
    [
      'a wheel for another Python',
      { wheels: [{ ...SDK_RECIPE, tag: 'cp312-cp312-manylinux2014_x86_64' }] },
      'interpreter',
      '2003',
      /needs Python 3\.12 .*found 3\.10\.13, 3\.11\.7/,
    ],
    [
      'another Python by its own word',
      { environment: { python_version: '3.12', abi: null } },
      'interpreter',
      '2003',
      /needs Python 3\.12 \(says \.procvision_env\.json\), found 3\.10\.13, 3\.11\.7/,
    ],
    [
      'an environment file that is no JSON',
      { files: { '.procvision_env.json': '{' } },
      'interpreter',
      '2001',
      /\.procvision_env\.json cannot be read/,
    ],
    [
      'an environment file with numbers',
      { environment: { python_version: 3.1 } },
      'interpreter',
      '2001',
      /must hold texts/,
    ],
    [
      'an entry module that is not there',
      { manifest: { ...MANIFEST, entry_point: 'absent:Check' } },
      'entry_point',
      '2001',
      /names absent/,
    ],
    [
      'an entry file that is not there',
      { manifest: { ...MANIFEST, entry_point: 'run.py' } },
      'entry_point',
      '2001',
      /names run\.py/,
    ],
    [
      'an asset that is not there',
      { manifest: { ...MANIFEST, required_assets: { A01: { layout: 'assets/a.json' } } } },
      'assets',
      '2001',
      /assets\/a\.json \(required_assets layout of A01\)/,
    ],
    [
      'a configuration that is not there',
      { manifest: { ...MANIFEST, default_config: { model: 'm.json' } } },
      'assets',
      '2001',
      /m\.json/,
    ],
    [
      'a file where the environment will be',
      { files: { 'venv/bin/python': '' } },
      'layout',
      '2001',
      /venv\/bin\/python/,
    ],
  ])('%s', async (_, recipe, check, code, message) => {
    const { report, validated, results } = await validate(recipe);
    expect(results[check]).toBe('failed');
    expect(report.ok).toBe(false);
    expect(validated).toBeUndefined();
    expect(report.fault?.code).toBe(code);
    expect(report.fault?.message).toMatch(message);
    expect(report.fault?.hint).toBeTruthy();
    expect(report.checks.find(({ name }) => name === check)).toMatchObject({ code, message: report.fault?.message });
  });

  it('no requirements.txt', async () => {
    const zip = await put(packageBytes({ files: {}, requirements: '' }));
    const { report } = await validatePackage(zip, { interpreters: here });
    expect(report.ok).toBe(true);
    const without = await put(
      Buffer.from(packageBytes().toString('latin1').replaceAll('requirements.txt', 'requirement_.txt'), 'latin1'),
    );
    const { report: other } = await validatePackage(without, { interpreters: here });
    expect(other.fault).toMatchObject({ code: '2001', message: 'There is no requirements.txt.' });
  });

  it.each<[string, Buffer]>([
    ['no zip', Buffer.from('not a zip at all')],
    ['a truncated zip', packageBytes().subarray(0, 300)],
  ])('%s', async (_, bytes) => {
    const { report } = await validatePackage(await put(bytes), { interpreters: here });
    expect(report.fault?.code).toBe('2001');
    expect(report.checks.slice(1).every(({ result }) => result === 'skipped')).toBe(true);
  });

  it('no file at all', async () => {
    const { report } = await validatePackage(join(folder, 'absent.zip'), { interpreters: here });
    expect(report.fault).toMatchObject({ code: '2001' });
    expect(report.fault?.message).toContain('ENOENT');
  });

  it('a host whose Python has no pip, told apart', async () => {
    const { report } = await validate({}, [pretendInterpreter('3.11.7', { pipVersion: null, canInstall: false })]);
    expect(report.fault).toMatchObject({ name: 'host_unfit', code: '3020' });
  });
});

describe('a report', () => {
  it('collects as much as can be checked, and takes the first failure as its fault', async () => {
    const { report, results } = await validate({
      manifest: { ...MANIFEST, entry_point: 'absent:Check', default_config: { m: 'm.json' } },
      requirements: 'numpy',
    });
    expect(results).toMatchObject({
      requirements: 'failed',
      entry_point: 'failed',
      assets: 'failed',
      wheels_present: 'passed',
    });
    expect(report.fault?.message).toContain('requirements.txt');
  });

  it('tells warnings without failing', async () => {
    const { report, results } = await validate({
      top: { folder: 'top', wheels: 'inside' },
      entries: [
        { name: 'README', data: '' },
        { name: 'top/wheels/notes.txt', data: '' },
      ],
      manifest: { ...MANIFEST, version: '2.0.0', author: 'me' },
    });
    expect(report.ok).toBe(true);
    expect(results).toMatchObject({
      layout: 'warning',
      manifest: 'warning',
      wheels_present: 'warning',
      file_name: 'warning',
    });
    expect(report.checks.find(({ name }) => name === 'layout')?.message).toContain('README');
  });

  it('without a machine’s interpreters leaves out what depends on them', async () => {
    const { report, validated } = await validatePackage(await put(packageBytes()));
    expect(report.ok).toBe(true);
    expect(validated).toBeUndefined();
    expect(report.checks.filter(({ result }) => result === 'skipped').map(({ name }) => name)).toEqual([
      'interpreter',
      'wheels_resolve',
    ]);
  });

  it('is not made when the caller gives up', async () => {
    const reason = new Error('enough');
    await expect(validatePackage(await put(packageBytes()), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

describe('a package and its wheels have one budget', () => {
  const blank = (name: string): WheelRecipe => ({
    name,
    version: '1.0',
    files: { 'blank.bin': '\0'.repeat(12 << 20) },
  });

  it('so that wheels which are harmless each are no bomb together', async () => {
    const one = await validate({ wheels: [SDK_RECIPE, blank('one')] });
    expect(one.report.ok).toBe(true);
    const { report } = await validate({ wheels: [SDK_RECIPE, blank('one'), blank('two')] });
    expect(report.fault).toMatchObject({ code: '2001', details: { check: 'budget', limit: 'ratioMax' } });
    expect(report.fault?.hint).toContain('packageLimits.ratioMax');
    expect(Number(report.fault?.details?.['bytes'])).toBeGreaterThan(24 << 20);
    expect(report.fault?.message).toMatch(/\d+ times the \d+ bytes of the zip/);
  });

  it.each([
    ['installedBytesMax', { installedBytesMax: 1000 }],
    ['installedEntriesMax', { installedEntriesMax: 8 }],
  ])('that a host sets: %s', async (limit, limits) => {
    const zip = await put(packageBytes());
    const { report } = await validatePackage(zip, { interpreters: here, limits });
    expect(report.fault).toMatchObject({ code: '2001', details: { check: 'budget', limit } });
  });

  it('and tells what it will take before it takes it', async () => {
    const asked: unknown[] = [];
    const full = new RunnerError('store_io_failed', 'There is no room.');
    const zip = await put(packageBytes());
    const { report } = await validatePackage(zip, {
      interpreters: here,
      scratch: folder,
      requireSpace: (where, need) => {
        asked.push([where, need.entries, need.bytes > 0]);
        return Promise.reject(full);
      },
    });
    expect(asked).toEqual([[folder, 1, true]]);
    expect(report.fault).toMatchObject({ code: '3019', message: 'There is no room.' });
    const { validated } = await validate();
    expect(validated?.footprint.bytes).toBeGreaterThan(validated?.archive.totalBytes ?? 0);
  });
});
