import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectWheel } from '../../../src/package/index.js';
import { parseWheelName } from '../../../src/package/wheels/wheel-name.js';
import { refused } from '../support/refused.js';
import { tempFolder } from '../support/temp-folder.js';
import { recordLine, wheelBytes, wheelFile } from '../support/wheel-bytes.js';
import type { WheelRecipe } from '../support/wheel-bytes.js';

const folder = await tempFolder();

async function wheel(recipe: Partial<WheelRecipe> = {}, file?: string): Promise<string> {
  const whole = { name: 'tiny', version: '1.0', ...recipe };
  const path = join(await mkdtemp(join(folder, 'wheel-')), file ?? wheelFile(whole));
  await writeFile(path, wheelBytes(whole));
  return path;
}

describe('the file name of a wheel', () => {
  it('tells distribution, version and every tag its compressed tags stand for', () => {
    const name = parseWheelName(
      'Some_Pkg-1.2.3-2build-cp311.cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    );
    expect(name).toMatchObject({ key: 'some-pkg', build: 2 });
    expect(name?.version.text).toBe('1.2.3');
    expect(name?.tags).toEqual([
      'cp311-abi3-manylinux_2_17_x86_64',
      'cp311-abi3-manylinux2014_x86_64',
      'cp312-abi3-manylinux_2_17_x86_64',
      'cp312-abi3-manylinux2014_x86_64',
    ]);
  });

  it.each([
    'tiny.whl',
    'tiny-1.0.tar.gz',
    'tiny-one-py3-none-any.whl',
    'tiny-1.0-x-py3-none-any.whl',
    'a b-1-py3-none-any.whl',
  ])('is not: %s', (file) => {
    expect(parseWheelName(file)).toBeUndefined();
  });
});

describe('a sound wheel', () => {
  it('tells what it is and needs', async () => {
    const found = await inspectWheel(
      await wheel({ requires: ['other>=2; python_version>"3"'], requiresPython: '>=3.8' }),
    );
    expect(found).toMatchObject({
      file: 'tiny-1.0-py3-none-any.whl',
      key: 'tiny',
      metadata: { name: 'tiny', version: '1.0' },
    });
    expect(found.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(found.metadata.requiresDist.map(({ key }) => key)).toEqual(['other']);
    expect(found.files).toContain('tiny/__init__.py');
  });

  it('may spell its name and version in another way inside', async () => {
    const metadata = 'Name: Tiny.Pkg\nVersion: 1.0.0\n\n';
    expect((await inspectWheel(await wheel({ name: 'tiny-pkg', metadata }))).key).toBe('tiny-pkg');
  });

  it('may bring scripts, data and files with commas in their names', async () => {
    const files = {
      'tiny-1.0.data/scripts/tiny-tool': '#!python\n',
      'tiny-1.0.data/scripts/python-tiny-check': '#!python\n',
      'tiny-1.0.data/data/share/tiny/a,b.txt': 'x',
      'tiny-1.0.data/data/lib/libtiny.so': 'x',
    };
    const entryPoints = '[console_scripts]\ntiny = tiny:main\n[other]\npython = tiny:main\n';
    await expect(inspectWheel(await wheel({ files, entryPoints }))).resolves.toMatchObject({ key: 'tiny' });
  });

  it('of setuptools may bring the one start-up file everybody knows', async () => {
    const files = { 'distutils-precedence.pth': 'import os\n' };
    await expect(inspectWheel(await wheel({ name: 'setuptools', files }))).resolves.toMatchObject({
      key: 'setuptools',
    });
    const error = await refused(inspectWheel(await wheel({ files })), 'invalid_zip');
    expect(error.details['inside']).toBe('distutils-precedence.pth');
  });
});

describe('a wheel is refused with 2001, naming it and the file to blame, when it', () => {
  it.each<[string, Partial<WheelRecipe>, string, string | undefined]>([
    [
      'says it is another distribution',
      { metadata: 'Name: other\nVersion: 1.0\n\n' },
      'wheel_metadata',
      'tiny-1.0.dist-info/METADATA',
    ],
    [
      'says it is another version',
      { metadata: 'Name: tiny\nVersion: 2.0\n\n' },
      'wheel_metadata',
      'tiny-1.0.dist-info/METADATA',
    ],
    ['says nothing about itself', { metadata: '\n' }, 'wheel_metadata', 'tiny-1.0.dist-info/METADATA'],
    [
      'needs something that cannot be understood',
      { requires: ['???'] },
      'wheel_metadata',
      'tiny-1.0.dist-info/METADATA',
    ],
    ['has no METADATA', { leaveOut: ['METADATA'] }, 'wheel_metadata', 'tiny-1.0.dist-info/METADATA'],
    ['has no WHEEL', { leaveOut: ['WHEEL'] }, 'wheel_metadata', 'tiny-1.0.dist-info/WHEEL'],
    ['is of a format to come', { wheelFile: 'Wheel-Version: 2.0\n' }, 'wheel_metadata', 'tiny-1.0.dist-info/WHEEL'],
    ['has no .dist-info', { leaveOut: ['METADATA', 'WHEEL', 'RECORD'] }, 'wheel_metadata', undefined],
    ['has two .dist-info', { files: { 'other-1.dist-info/METADATA': 'x' } }, 'wheel_metadata', undefined],
    ['has no RECORD', { leaveOut: ['RECORD'] }, 'wheel_record', 'tiny-1.0.dist-info/RECORD'],
    ['has a RECORD that is none', { record: () => ['a,b,c,d,e'] }, 'wheel_record', 'tiny-1.0.dist-info/RECORD'],
    [
      'records with a weak hash',
      { record: (lines) => lines.map((line) => line.replace('sha256=', 'md5=')) },
      'wheel_record',
      'tiny-1.0.dist-info/RECORD',
    ],
    [
      'records a file twice',
      { record: (lines) => [...lines, lines[0] ?? ''] },
      'wheel_record',
      'tiny-1.0.dist-info/RECORD',
    ],
    ['does not record a file', { record: (lines) => lines.slice(1) }, 'wheel_record', 'tiny/__init__.py'],
    [
      'records a file without a hash',
      { record: (lines) => lines.map((line) => line.replace(/^(tiny\/__init__.py),.*/, '$1,,')) },
      'wheel_record',
      'tiny/__init__.py',
    ],
    [
      'holds other content than recorded',
      { record: (lines) => [recordLine('tiny/__init__.py', 'other'), ...lines.slice(1)] },
      'wheel_record',
      'tiny/__init__.py',
    ],
    [
      'records a file it does not hold',
      { record: (lines) => [...lines, recordLine('tiny/ghost.py', '')] },
      'wheel_record',
      'tiny/ghost.py',
    ],
    ['brings a start-up file', { files: { 'evil.pth': 'import os' } }, 'wheel_forbidden_file', 'evil.pth'],
    [
      'brings a start-up file by its data',
      { files: { 'tiny-1.0.data/purelib/evil.PTH': 'import os' } },
      'wheel_forbidden_file',
      'tiny-1.0.data/purelib/evil.PTH',
    ],
    ['brings a start-up module', { files: { 'sitecustomize.py': '' } }, 'wheel_forbidden_file', 'sitecustomize.py'],
    [
      'brings a start-up package',
      { files: { 'usercustomize/__init__.py': '' } },
      'wheel_forbidden_file',
      'usercustomize/__init__.py',
    ],
    [
      'replaces the interpreter',
      { files: { 'tiny-1.0.data/scripts/python': '#!/bin/sh' } },
      'wheel_forbidden_file',
      'tiny-1.0.data/scripts/python',
    ],
    [
      'replaces the interpreter of a version',
      { files: { 'tiny-1.0.data/scripts/python3.11': 'x' } },
      'wheel_forbidden_file',
      'tiny-1.0.data/scripts/python3.11',
    ],
    [
      'replaces the activation',
      { files: { 'tiny-1.0.data/scripts/activate': 'x' } },
      'wheel_forbidden_file',
      'tiny-1.0.data/scripts/activate',
    ],
    [
      'replaces the interpreter by its data',
      { files: { 'tiny-1.0.data/data/bin/python3': 'x' } },
      'wheel_forbidden_file',
      'tiny-1.0.data/data/bin/python3',
    ],
    [
      'replaces the setup of the environment',
      { files: { 'tiny-1.0.data/data/pyvenv.cfg': 'x' } },
      'wheel_forbidden_file',
      'tiny-1.0.data/data/pyvenv.cfg',
    ],
    [
      'writes among the modules by its data',
      { files: { 'tiny-1.0.data/data/lib/python3.11/site-packages/x.pth': 'x' } },
      'wheel_forbidden_file',
      'tiny-1.0.data/data/lib/python3.11/site-packages/x.pth',
    ],
    [
      'declares a script named python',
      { entryPoints: '[console_scripts]\npython3 = tiny:main\n' },
      'wheel_forbidden_file',
      'tiny-1.0.dist-info/entry_points.txt',
    ],
    [
      'declares a script elsewhere',
      { entryPoints: '[gui_scripts]\n../../evil = tiny:main\n' },
      'wheel_forbidden_file',
      'tiny-1.0.dist-info/entry_points.txt',
    ],
    ['climbs out of its folder', { entries: [{ name: '../evil.py', data: 'x' }] }, 'wheel_archive', '../evil.py'],
    ['holds a link', { entries: [{ name: 'evil', data: '/etc', mode: 0o120777 }] }, 'wheel_archive', 'evil'],
    [
      'holds damaged data',
      {
        entries: [{ name: 'evil', data: 'x', claims: { crc: 1 } }],
        record: (lines) => [...lines, recordLine('evil', 'x')],
      },
      'wheel_archive',
      'evil',
    ],
  ])('%s', async (_, recipe, check, inside) => {
    const error = await refused(inspectWheel(await wheel(recipe)), 'invalid_zip');
    expect(error.details['check']).toBe(check);
    expect(error.details['entry']).toBe('wheels/tiny-1.0-py3-none-any.whl');
    expect(error.details['inside']).toBe(inside);
    expect(error.message).toContain('tiny-1.0-py3-none-any.whl');
  });

  it('has a name that is none of a wheel', async () => {
    const error = await refused(inspectWheel(await wheel({}, 'tiny.whl')), 'invalid_zip');
    expect(error.details['check']).toBe('wheel_name');
  });

  it('is no zip', async () => {
    const path = join(folder, 'tiny-1.0-py3-none-any.whl');
    await writeFile(path, 'not a wheel');
    const error = await refused(inspectWheel(path), 'invalid_zip');
    expect(error.details).toMatchObject({ check: 'wheel_archive', archiveCheck: 'not_a_zip' });
  });
});
