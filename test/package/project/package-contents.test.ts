import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  extractArchive,
  packageProject,
  readArchive,
  validatePackage,
  validateProject,
} from '../../../src/package/index.js';
import type { PackageOptions } from '../../../src/package/index.js';
import { hostPython } from '../support/host-python.js';
import { MANIFEST, SDK_RECIPE } from '../support/package-bytes.js';
import { refused } from '../support/refused.js';
import { tempFolder } from '../support/temp-folder.js';
import { wheelBytes, wheelFile } from '../support/wheel-bytes.js';

/** What an author has in a project, and what of it goes into the package. */
const folder = await tempFolder();
const python = await hostPython();
const sdkWheel = join(folder, wheelFile(SDK_RECIPE));
await writeFile(sdkWheel, wheelBytes(SDK_RECIPE));
const OWN = ['manifest.json', 'requirements.txt', 'screw_check/__init__.py', 'screw_check/main.py'];

async function project(files: Record<string, string | Buffer> = {}): Promise<string> {
  const place = await mkdtemp(join(folder, 'project-'));
  const all = {
    'manifest.json': JSON.stringify(MANIFEST),
    'requirements.txt': '',
    'screw_check/__init__.py': '',
    'screw_check/main.py': 'class ScrewCheck: ...\n',
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), content);
  }
  return place;
}

async function pack(place: string, options: PackageOptions = {}) {
  const output = await mkdtemp(join(folder, 'out-'));
  return packageProject(place, { output, sdkWheel, offline: true, python: python.executable, ...options });
}

const withoutWheel = (files: readonly string[]): string[] => files.filter((path) => !path.startsWith('wheels/'));

describe('what stays out of a package by itself', () => {
  it('looks like a secret, which is named with the way to take it in', async () => {
    const secrets = ['.env', '.env.local', 'assets/client.pem', 'deploy/id_rsa', '.netrc', 'pip.conf', 'secrets.json'];
    const place = await project({
      ...Object.fromEntries(secrets.map((path) => [path, 'TOKEN=1'])),
      '.aws/credentials': 'x',
      '.env.example': 'TOKEN=',
    });
    const { files, warnings, leftOut } = await pack(place);
    expect(withoutWheel(files)).toEqual(['.env.example', ...OWN]);
    expect(leftOut.map(({ path, why }) => `${path} ${why}`).sort()).toEqual(
      [...secrets, '.aws/'].map((path) => `${path} secret`).sort(),
    );
    for (const path of [...secrets, '.aws/']) {
      expect(warnings).toContain(
        `${path} looks like a secret and was left out; a line "!${path}" in .procvisionignore takes it in`,
      );
    }
    const { checks } = await validateProject(place);
    expect(checks.find(({ name }) => name === 'layout')).toMatchObject({ result: 'warning' });
  });

  it('was left by a desktop, a tool, an environment, a Runner or an earlier packaging', async () => {
    const place = await project({
      'assets/.DS_Store': '',
      'screw_check/._main.py': '',
      '__MACOSX/x': '',
      'wheels/._a-1-py3-none-any.whl': '',
      'Thumbs.db': '',
      '.ipynb_checkpoints/x': '',
      'runtime_store/registry.json': '{}',
      'runtime_store/algorithms/deployed/x/1/manifest.json': '{}',
      'conda/conda-meta/history': '',
      'mine.zip': 'the one before',
    });
    const { files, warnings, leftOut } = await pack(place, { output: join(place, 'mine.zip') });
    expect(withoutWheel(files)).toEqual(OWN);
    expect(warnings).toEqual([]);
    expect(Object.fromEntries(leftOut.map(({ path, why }) => [path, why]))).toEqual({
      '.ipynb_checkpoints/': 'tool',
      'Thumbs.db': 'desktop',
      '__MACOSX/': 'desktop',
      'assets/.DS_Store': 'desktop',
      'conda/': 'environment',
      'mine.zip': 'output',
      'runtime_store/': 'store',
      'screw_check/._main.py': 'desktop',
      'wheels/._a-1-py3-none-any.whl': 'desktop',
    });
  });
});

describe('.procvisionignore', () => {
  it('is written as a .gitignore, and has the last word', async () => {
    const place = await project({
      '.procvisionignore':
        '\ufeff# mine\r\n/data/\r\n*.tmp\r\n!keep.tmp\r\nraw/**/big.bin\r\n[Dd]raft?.txt\r\n!assets/ca.pem\r\n\\#odd\r\n',
      'data/a.bin': '',
      'assets/data/b.bin': '',
      'x.tmp': '',
      'keep.tmp': '',
      'raw/a/b/big.bin': '',
      'raw/small.bin': '',
      'draft1.txt': '',
      'draft12.txt': '',
      'assets/ca.pem': '',
      '#odd': '',
    });
    const { files, leftOut, warnings } = await pack(place);
    expect(withoutWheel(files)).toEqual(
      ['assets/ca.pem', 'assets/data/b.bin', 'draft12.txt', 'keep.tmp', 'raw/small.bin', ...OWN].sort(),
    );
    expect(leftOut.filter(({ why }) => why === 'ignored').map(({ path }) => path)).toEqual(
      ['#odd', 'data/', 'draft1.txt', 'raw/a/b/big.bin', 'x.tmp'].sort(),
    );
    expect(warnings).toEqual([]);
  });

  it('that leaves out what the manifest names is told with the line that takes it in', async () => {
    const manifest = JSON.stringify({ ...MANIFEST, required_assets: { A01: { certificate: 'assets/ca.pem' } } });
    const error = await refused(
      pack(await project({ 'manifest.json': manifest, 'assets/ca.pem': 'x' })),
      'invalid_zip',
    );
    expect(error.message).toContain('assets/ca.pem');
    expect(error.hint).toContain('a line "!assets/ca.pem" in .procvisionignore takes it in');
  });

  it('or a link in place of it, with the file itself', async () => {
    const manifest = JSON.stringify({ ...MANIFEST, required_assets: { A01: { model: 'model.bin' } } });
    const place = await project({ 'manifest.json': manifest });
    await symlink('/etc/hostname', join(place, 'model.bin'));
    expect((await refused(pack(place), 'invalid_zip')).hint).toContain('put the file itself in its place');
  });
});

describe('what an author has is taken:', () => {
  it('large assets that are all the same, which compress more than hosts accept', async () => {
    const mask = Buffer.alloc(40 * 1024 * 1024, 7);
    const small = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [`assets/m${n}.bin`, Buffer.alloc(3_000_000)]),
    );
    const { zip, sizes, warnings } = await pack(await project({ 'assets/mask.bin': mask, ...small }));
    expect(warnings).toEqual([]);
    expect(sizes['assets/mask.bin']).toBe(mask.length);
    const { report } = await validatePackage(zip, { interpreters: [python] });
    expect(report.fault).toBeUndefined();
    const out = join(await mkdtemp(join(folder, 'content-')), 'out');
    await extractArchive(await readArchive(zip), out);
    expect((await readFile(join(out, 'assets/mask.bin'))).equals(mask)).toBe(true);
  });

  it('more than hosts accept by default, with the limit a host has to raise', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, depth) => [`a${'/d'.repeat(depth)}/x`, '']));
    const { warnings } = await pack(await project(files));
    expect(warnings.join()).toMatch(/only with larger packageLimits: .*levels deep/);
  });

  it('places of indexes in requirements.txt, which are for pip and stay out of the package', async () => {
    const wheels = join(folder, 'house-wheels');
    const tiny = { name: 'tiny', version: '1.0' };
    await mkdir(wheels, { recursive: true });
    await writeFile(join(wheels, wheelFile(tiny)), wheelBytes(tiny));
    const place = await project({
      'requirements.txt': `--no-index\n--extra-index-url https://me:secret@example.org/simple\n--find-links ../house-wheels\ntiny==1.0\n`,
    });
    const { zip, files } = await pack(place, { offline: false });
    expect(files).toContain(`wheels/${wheelFile(tiny)}`);
    const out = join(await mkdtemp(join(folder, 'content-')), 'out');
    await extractArchive(await readArchive(zip), out);
    const text = await readFile(join(out, 'requirements.txt'), 'utf8');
    expect(text).toBe('tiny==1.0\nprocvision_algorithm_sdk==0.1.0\n');
  });
});

describe('a name that no zip can hold is refused with the file to rename:', () => {
  it.each(['a:b.txt', 'con.txt', 'back\\slash.txt', 'dot.'])('%s', async (name) => {
    const error = await refused(pack(await project({ [`assets/${name}`]: 'x' })), 'invalid_zip');
    expect(error.message).toContain(JSON.stringify(`assets/${name}`).slice(1, -1));
    expect(error.hint).toContain('Rename it');
  });

  it('one that is no UTF-8', async () => {
    const place = await project();
    await writeFile(Buffer.concat([Buffer.from(`${place}/`), Buffer.from([0xc4, 0xa3, 0xd0, 0xcd])]), 'x');
    expect((await refused(pack(place), 'invalid_zip')).hint).toContain('Rename it');
  });

  it('two that differ by case alone', async () => {
    const place = await project({ 'assets/Model.bin': '1', 'assets/model.bin': '2' });
    expect((await refused(pack(place), 'invalid_zip')).hint).toContain('Rename one of the two');
  });
});
