import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locatePackage, readArchive } from '../../../src/package/index.js';
import { refused } from '../support/refused.js';
import { tempFolder } from '../support/temp-folder.js';
import { zipBytes } from '../support/zip-bytes.js';

const folder = await tempFolder();

async function locate(...paths: string[]) {
  const zip = join(await mkdtemp(join(folder, 'zip-')), 'package.zip');
  await writeFile(zip, zipBytes(paths.map((name) => ({ name, data: '' }))));
  return locatePackage(await readArchive(zip));
}

const FILES = ['manifest.json', 'requirements.txt', 'src/a.py', 'assets/m.bin', 'wheels/a.whl'];

describe('a package is found', () => {
  it.each<[string, string[]]>([
    ['at the root of the zip', FILES],
    ['in one top folder', FILES.map((path) => `top/${path}`)],
    ['in one top folder with wheels/ beside it', [...FILES.slice(0, 4).map((path) => `top/${path}`), 'wheels/a.whl']],
    [
      'with its folders listed too',
      ['top/', 'top/src/', ...FILES.slice(0, 4).map((path) => `top/${path}`), 'wheels/', 'wheels/a.whl'],
    ],
  ])('%s, and goes to the same places', async (_, paths) => {
    const { files, ignored } = await locate(...paths);
    expect([...files.keys()].sort()).toEqual([...FILES].sort());
    expect(ignored).toEqual([]);
  });

  it('with a manifest of its own among the assets, which is not the manifest', async () => {
    const { root, files } = await locate('manifest.json', 'assets/manifest.json', 'src/deep/manifest.json');
    expect(root).toBe('');
    expect(files.size).toBe(3);
  });

  it.each([
    ['in one top folder', 'top/', 'top/'],
    ['at the root of the zip', '', ''],
    ['with wheels/ beside the top folder', 'top/', ''],
  ])('without what desktops leave behind, which is named: %s', async (_, root, wheels) => {
    const left = [
      ...['__MACOSX/x/._manifest.json', '__MACOSX/._y', `${root}.DS_Store`, `${root}._manifest.json`],
      ...[`${root}algo/._main.py`, `${wheels}wheels/._a.whl`, `${wheels}wheels/.DS_Store`, `${root}assets/Thumbs.db`],
      ...[`${root}assets/desktop.ini`, `${root}@eaDir/x`],
    ];
    const { plan, ignored, litter } = await locate(`${root}manifest.json`, `${wheels}wheels/a.whl`, ...left);
    expect([...plan.values()]).toEqual(['manifest.json', 'wheels/a.whl']);
    expect([ignored, litter]).toEqual([[], left]);
  });

  it('with strangers beside the top folder, which are left out and named', async () => {
    const { plan, ignored } = await locate('top/manifest.json', '__MACOSX/top/x', 'README', 'wheels/a.whl');
    expect(ignored).toEqual(['README']);
    expect([...plan.values()]).toEqual(['manifest.json', 'wheels/a.whl']);
  });
});

describe('a package is refused', () => {
  it.each<[string, string[]]>([
    ['no manifest', ['requirements.txt', 'src/a.py']],
    ['a manifest too deep', ['a/b/manifest.json']],
    ['a manifest among the wheels only', ['wheels/manifest.json']],
    ['another spelling', ['Manifest.JSON']],
  ])('with 2002 for %s', async (_, paths) => {
    const error = await refused(locate(...paths), 'manifest_missing');
    expect(error.code).toBe('2002');
    const [elsewhere] = paths.filter((path) => path.toLowerCase().endsWith('manifest.json'));
    if (elsewhere !== undefined) expect(error.message).toContain(elsewhere);
  });

  it.each<[string, string[]]>([
    ['at the root and in a folder', ['manifest.json', 'top/manifest.json']],
    ['in two folders', ['one/manifest.json', 'two/manifest.json']],
  ])('with 2002 for two manifests, %s, naming both', async (_, paths) => {
    const error = await refused(locate(...paths), 'manifest_missing');
    expect(error.details['manifests']).toEqual(paths);
    for (const path of paths) expect(error.message).toContain(path);
  });

  it.each(['venv/bin/python', 'VENV/x', '.incomplete', 'installation.json'])(
    'with 2001 for a file in a place the Runner keeps for itself: %s',
    async (path) => {
      for (const root of ['', 'top/']) {
        const error = await refused(locate(`${root}manifest.json`, `${root}${path}`), 'invalid_zip');
        expect(error.details).toEqual({ check: 'layout', entry: `${root}${path}` });
      }
    },
  );

  it('with 2001 for the same wheel in both places', async () => {
    const error = await refused(locate('top/manifest.json', 'top/wheels/a.whl', 'wheels/a.whl'), 'invalid_zip');
    expect(error.message).toContain('top/wheels/a.whl and wheels/a.whl');
  });
});
