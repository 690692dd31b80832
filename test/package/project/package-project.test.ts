import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  extractArchive,
  packageProject,
  parseManifest,
  readArchive,
  validatePackage,
  validateProject,
} from '../../../src/package/index.js';
import type { PackageOptions } from '../../../src/package/index.js';
import { hostPython } from '../support/host-python.js';
import { MANIFEST, SDK_RECIPE } from '../support/package-bytes.js';
import { refused } from '../support/refused.js';
import { everythingIn, tempFolder } from '../support/temp-folder.js';
import { wheelBytes, wheelFile } from '../support/wheel-bytes.js';
import type { WheelRecipe } from '../support/wheel-bytes.js';

const folder = await tempFolder();
const python = await hostPython();
const sdkWheel = await wheelIn(folder, SDK_RECIPE);

async function wheelIn(place: string, recipe: WheelRecipe): Promise<string> {
  const path = join(place, wheelFile(recipe));
  await mkdir(place, { recursive: true });
  await writeFile(path, wheelBytes(recipe));
  return path;
}

/** A small project on disk; `null` takes a file away. */
async function project(files: Record<string, string | null> = {}): Promise<string> {
  const place = await mkdtemp(join(folder, 'project-'));
  const all = {
    'manifest.json': JSON.stringify(MANIFEST),
    'requirements.txt': '',
    'screw_check/__init__.py': '',
    'screw_check/main.py': 'class ScrewCheck: ...\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    if (text === null) continue;
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), text);
  }
  return place;
}

/** Packages into a folder of its own, with the SDK and nothing from a network. */
async function pack(place: string, options: PackageOptions = {}) {
  const output = await mkdtemp(join(folder, 'out-'));
  return packageProject(place, { output, sdkWheel, offline: true, python: python.executable, ...options });
}

async function contentOf(zip: string): Promise<{ read: (path: string) => Promise<string>; files: string[] }> {
  const out = join(await mkdtemp(join(folder, 'content-')), 'out');
  await extractArchive(await readArchive(zip), out);
  const files = (await everythingIn(out)).filter((path) => !path.endsWith('/'));
  return { files, read: (path) => readFile(join(out, path), 'utf8') };
}

describe('packaging a project', () => {
  it('makes a zip that passes validation, under its recommended name, with the SDK by itself', async () => {
    const { zip, bytes, sha256, files, warnings } = await pack(await project());
    expect(zip).toMatch(/\/screw-check-v1\.0\.0-offline\.zip$/);
    expect(files).toEqual([
      'manifest.json',
      'requirements.txt',
      'screw_check/__init__.py',
      'screw_check/main.py',
      `wheels/${wheelFile(SDK_RECIPE)}`,
    ]);
    const { report, validated } = await validatePackage(zip, { interpreters: [python] });
    expect(report.fault).toBeUndefined();
    expect(validated?.sha256).toBe(sha256);
    expect((await readFile(zip)).length).toBe(bytes);
    expect(await (await contentOf(zip)).read('requirements.txt')).toBe('procvision_algorithm_sdk==0.1.0\n');
    expect(warnings).toEqual([]);
  });

  it('makes the same bytes every time, wherever and whenever', async () => {
    const [first, second] = [await project({ 'assets/m.bin': 'model' }), await project({ 'assets/m.bin': 'model' })];
    await utimes(join(second, 'assets/m.bin'), 1, 1);
    await chmod(join(second, 'screw_check/main.py'), 0o600);
    const [one, two] = [await pack(first), await pack(second)];
    expect(two.sha256).toBe(one.sha256);
  });

  it('keeps programs executable', async () => {
    const place = await project({ 'bin/tool.sh': 'true' });
    await chmod(join(place, 'bin/tool.sh'), 0o700);
    const { entries } = await readArchive((await pack(place)).zip);
    expect(entries.filter(({ executable }) => executable).map(({ path }) => path)).toEqual(['bin/tool.sh']);
  });

  it('leaves out what does not belong, and what the project says does not', async () => {
    const place = await project({
      'screw_check/__pycache__/main.cpython-311.pyc': '',
      '.git/config': '',
      'my-env/pyvenv.cfg': '',
      'my-env/bin/python': '',
      'old-v0.1-offline.zip': '',
      'notes/todo.txt': '',
      'screw_check/draft.txt': '',
      'assets/raw/big.bin': '',
      'assets/model.bin': '',
      '.procvisionignore': '# not for customers\nnotes/\n*.txt\n/assets/raw\n',
    });
    await symlink('/etc/passwd', join(place, 'passwd'));
    const { files, warnings } = await pack(place);
    expect(files).toEqual([
      'assets/model.bin',
      'manifest.json',
      'requirements.txt',
      'screw_check/__init__.py',
      'screw_check/main.py',
      `wheels/${wheelFile(SDK_RECIPE)}`,
    ]);
    expect(warnings).toEqual(['passwd is not a plain file and was left out']);
  });

  it('can give the package another version than the manifest says', async () => {
    const { zip } = await pack(await project({ 'manifest.json': JSON.stringify({ ...MANIFEST, author: 'me' }) }), {
      version: '2.0.0',
    });
    expect(zip).toContain('screw-check-v2.0.0-offline.zip');
    const text = await (await contentOf(zip)).read('manifest.json');
    expect(parseManifest(Buffer.from(text)).manifest.version).toBe('2.0.0');
    expect(JSON.parse(text)).toMatchObject({ author: 'me' });
  });

  it('writes to the file it is told, whole or not at all', async () => {
    const place = await mkdtemp(join(folder, 'out-'));
    const output = join(place, 'mine.zip');
    await writeFile(output, 'the one before');
    await refused(pack(await project({ 'screw_check/main.py': null }), { output }), 'invalid_zip');
    expect(await everythingIn(place)).toEqual(['mine.zip']);
    expect(await readFile(output, 'utf8')).toBe('the one before');
    expect((await pack(await project(), { output })).zip).toBe(output);
  });

  it('refuses a project whose manifest, requirements or entry are not sound', async () => {
    await refused(pack(await project({ 'manifest.json': null })), 'manifest_missing');
    await refused(pack(await project({ 'manifest.json': '{}' })), 'manifest_missing');
    await refused(pack(await project({ 'requirements.txt': 'numpy>=1' })), 'invalid_zip');
    await refused(pack(await project({ 'requirements.txt': null })), 'invalid_zip');
    await refused(
      pack(await project(), { sdkWheel: await wheelIn(folder, { name: 'tiny', version: '9' }) }),
      'invalid_usage',
    );
  });
});

describe('the wheels of a package', () => {
  const tiny: WheelRecipe = { name: 'tiny', version: '1.0', requires: ['deep>=1'] };
  const deep: WheelRecipe = { name: 'deep', version: '1.5' };

  async function shelf(...recipes: WheelRecipe[]): Promise<string> {
    const place = await mkdtemp(join(folder, 'shelf-'));
    for (const recipe of recipes) await wheelIn(place, recipe);
    return place;
  }

  it('are fetched by pip with what they need in turn', async () => {
    const findLinks = [await shelf(tiny, deep, { name: 'unused', version: '1' })];
    const { files } = await pack(await project({ 'requirements.txt': 'tiny==1.0\n' }), { findLinks });
    expect(files.filter((path) => path.startsWith('wheels/'))).toEqual([
      'wheels/deep-1.5-py3-none-any.whl',
      `wheels/${wheelFile(SDK_RECIPE)}`,
      'wheels/tiny-1.0-py3-none-any.whl',
    ]);
  });

  it('that cannot be fetched are 2004, naming the requirement', async () => {
    const findLinks = [await shelf(tiny)];
    const error = await refused(
      pack(await project({ 'requirements.txt': 'absent==3.0\n' }), { findLinks }),
      'wheels_missing',
    );
    expect(error.message).toContain('absent==3.0');
    expect(error.details['tail']).toContain('No matching distribution');
  });

  it('can be those the project has, and no others', async () => {
    const place = await project({ 'requirements.txt': 'tiny==1.0\n' });
    await wheelIn(join(place, 'wheels'), tiny);
    await wheelIn(join(place, 'wheels'), deep);
    const { zip } = await pack(place, { skipDownload: true, python: '/nowhere/python' });
    const { report } = await validatePackage(zip, { interpreters: [python] });
    expect(report.fault).toBeUndefined();
  });

  it('include the SDK that the project pins, or warn when another one is at hand', async () => {
    const place = await project({ 'requirements.txt': 'procvision_algorithm_sdk==0.1.0\n' });
    expect(await (await contentOf((await pack(place)).zip)).read('requirements.txt')).toBe(
      'procvision_algorithm_sdk==0.1.0\n',
    );
    const older = await project({ 'requirements.txt': 'procvision_algorithm_sdk==0.0.9\n' });
    await wheelIn(join(older, 'wheels'), { ...SDK_RECIPE, version: '0.0.9' });
    const { files, warnings } = await pack(older, { skipDownload: true });
    expect(files).toContain('wheels/procvision_algorithm_sdk-0.0.9-py3-none-any.whl');
    expect(files).not.toContain(`wheels/${wheelFile(SDK_RECIPE)}`);
    expect(warnings[0]).toContain('pins procvision_algorithm_sdk==0.0.9');
  });

  it('that are compiled tie the package to their Python by .procvision_env.json', async () => {
    const compiled: WheelRecipe = { name: 'fast', version: '1', tag: 'cp311-cp311-manylinux2014_x86_64' };
    const place = await project({ 'requirements.txt': 'fast==1\n' });
    await wheelIn(join(place, 'wheels'), compiled);
    const { zip } = await pack(place, { skipDownload: true });
    const environment: unknown = JSON.parse(await (await contentOf(zip)).read('.procvision_env.json'));
    expect(environment).toEqual({ python_version: '3.11', implementation: 'cp', abi: 'cp311' });
  });

  it('follow the target the author names, which the package then says', async () => {
    const target = {
      pythonVersion: '3.12',
      implementation: 'cp',
      abi: 'cp312',
      wheelsPlatform: 'manylinux2014_x86_64',
    };
    const findLinks = [
      await shelf(
        { name: 'fast', version: '1', tag: 'cp312-cp312-manylinux2014_x86_64' },
        { name: 'fast', version: '1', tag: 'cp310-cp310-manylinux2014_x86_64' },
      ),
    ];
    const { zip, files } = await pack(await project({ 'requirements.txt': 'fast==1\n' }), { findLinks, ...target });
    expect(files.filter((path) => path.includes('fast'))).toEqual([
      'wheels/fast-1-cp312-cp312-manylinux2014_x86_64.whl',
    ]);
    const environment: unknown = JSON.parse(await (await contentOf(zip)).read('.procvision_env.json'));
    expect(environment).toEqual({
      python_version: '3.12',
      implementation: 'cp',
      abi: 'cp312',
      wheels_platform: 'manylinux2014_x86_64',
    });
  });

  it('can be those an environment has installed', async () => {
    const venv = join(await mkdtemp(join(folder, 'env-')), 'venv');
    execFileSync(python.executable, ['-m', 'venv', '--without-pip', venv]);
    const freezing = join(dirname(venv), 'freezing');
    await writeFile(
      freezing,
      '#!/bin/sh\nprintf "tiny==1.0\\n-e git+https://example.org/x#egg=x\\nlocal @ file:///tmp/x.whl\\n"\n',
      { mode: 0o755 },
    );
    const place = await project({ 'requirements.txt': null });
    await wheelIn(join(place, 'wheels'), tiny);
    const { zip, warnings } = await pack(place, { autoFreeze: true, skipDownload: true, python: freezing });
    expect(await (await contentOf(zip)).read('requirements.txt')).toBe('tiny==1.0\nprocvision_algorithm_sdk==0.1.0\n');
    expect(warnings).toHaveLength(2);
  });

  it('can be those of a conda environment, which pip freeze names by files of that machine', async () => {
    const freezing = join(await mkdtemp(join(folder, 'conda-')), 'freezing');
    const frozen = 'tiny @ file:///home/conda/feedstock_root/build_artifacts/tiny/work';
    const script = `#!/bin/sh\ncase "$3" in list) echo tiny==1.0;; *) echo "${frozen}";; esac\n`;
    await writeFile(freezing, script, { mode: 0o755 });
    const place = await project({ 'requirements.txt': null });
    await wheelIn(join(place, 'wheels'), tiny);
    const { zip, warnings } = await pack(place, { autoFreeze: true, skipDownload: true, python: freezing });
    expect(await (await contentOf(zip)).read('requirements.txt')).toBe('tiny==1.0\nprocvision_algorithm_sdk==0.1.0\n');
    expect(warnings.join()).toContain('tiny==1.0 in requirements.txt was installed from a file of this machine');
  });
});

describe('validating a project', () => {
  it('asks for what the author writes, and leaves the rest to packaging', async () => {
    const report = await validateProject(await project());
    expect(report.ok).toBe(true);
    expect(Object.fromEntries(report.checks.map(({ name, result }) => [name, result]))).toEqual({
      archive: 'skipped',
      layout: 'passed',
      manifest: 'passed',
      requirements: 'passed',
      wheels_present: 'passed',
      interpreter: 'skipped',
      wheels_resolve: 'skipped',
      entry_point: 'passed',
      assets: 'passed',
      file_name: 'skipped',
    });
  });

  it.each<[string, Record<string, string | null>, string, RegExp]>([
    ['no manifest', { 'manifest.json': null }, '2002', /no manifest\.json/],
    ['a bad manifest', { 'manifest.json': '[]' }, '2002', /must be an object/],
    ['bad requirements', { 'requirements.txt': 'numpy' }, '2001', /pinned/],
    ['no entry', { 'screw_check/main.py': null }, '2001', /screw_check\.main/],
    [
      'an entry below a source folder',
      { 'screw_check/main.py': null, 'src/screw_check/main.py': '' },
      '2001',
      /screw_check\.main/,
    ],
    [
      'no asset',
      { 'manifest.json': JSON.stringify({ ...MANIFEST, default_config: { m: 'm' } }) },
      '2001',
      /m \(default_config m\)/,
    ],
  ])('fails for %s', async (_, files, code, message) => {
    const { fault } = await validateProject(await project(files));
    expect(fault?.code).toBe(code);
    expect(fault?.message).toMatch(message);
  });

  it('says where an entry below a source folder is', async () => {
    const { fault } = await validateProject(
      await project({ 'screw_check/main.py': null, 'src/screw_check/main.py': '' }),
    );
    expect(fault?.hint).toContain('src.screw_check.main');
  });

  it('only warns about requirements that are not written yet', async () => {
    const report = await validateProject(await project({ 'requirements.txt': null }));
    expect(report.ok).toBe(true);
    expect(report.checks.find(({ name }) => name === 'requirements')).toMatchObject({ result: 'warning' });
  });

  it('of a folder that is not there is 3011', async () => {
    expect((await validateProject(join(folder, 'absent'))).fault?.name).toBe('release_not_found');
  });
});
