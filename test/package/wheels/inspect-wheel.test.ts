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
    const shim =
      "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack');";
    const with_ = (text: string) => wheel({ name: 'setuptools', files: { 'distutils-precedence.pth': text } });
    await expect(inspectWheel(await with_(shim))).resolves.toMatchObject({ key: 'setuptools', warnings: [] });
    const error = await refused(inspectWheel(await with_(`${shim} print('and more')`)), 'invalid_zip');
    expect(error.details['inside']).toBe('distutils-precedence.pth');
  });
});

/** As setuptools writes it for a namespace package of old. */
const NAMESPACE_PTH =
  "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('mpl_toolkits',));importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('mpl_toolkits', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('mpl_toolkits', [os.path.dirname(p)])));m = m or sys.modules.setdefault('mpl_toolkits', types.ModuleType('mpl_toolkits'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)\n";

describe('what pip accepts of a wheel and does no harm is accepted with a warning:', () => {
  it.each<[string, Partial<WheelRecipe>, RegExp]>([
    ['a file recorded twice', { record: (lines) => [...lines, lines[0] ?? ''] }, /records files twice: tiny/],
    ['a file not recorded', { record: (lines) => lines.slice(1) }, /without a hash in its RECORD: tiny/],
    [
      'a file recorded without a hash',
      { record: (lines) => lines.map((line) => line.replace(/^(tiny\/__init__.py),.*/, '$1,,')) },
      /without a hash in its RECORD: tiny/,
    ],
    [
      'a file recorded that is not there',
      { record: (lines) => [...lines, recordLine('tiny/ghost.py', ''), 'tiny/x.pyc,,'] },
      /that it does not hold: tiny\/ghost.py, tiny\/x.pyc/,
    ],
    [
      'a file recorded with a hash of old',
      { record: (lines) => lines.map((line) => line.replace(/^(tiny\/__init__.py),[^,]*/, '$1,md5=abc')) },
      /without a hash in its RECORD: tiny/,
    ],
    [
      'a Requires-Python of old',
      { requiresPython: '>=2.7.*, !=3.0.*, <4' },
      /Requires-Python .*is read as >=2.7, !=3.0.\*/,
    ],
    ['a Requires-Python that is none', { requiresPython: 'any' }, /Requires-Python that cannot be understood.*"any"/],
    ['a Requires-Dist of old', { requires: ['other (>=1.2.*)'] }, /Requires-Dist .*is read as other \(>=1.2\)/],
    [
      'the start-up file of a namespace package',
      { files: { 'tiny-1.0-py3.7-nspkg.pth': NAMESPACE_PTH } },
      /nspkg.pth, as setuptools generated it/,
    ],
  ])('%s', async (_, recipe, warning) => {
    const { warnings } = await inspectWheel(await wheel(recipe));
    expect(warnings.join()).toMatch(warning);
    expect(warnings).toHaveLength(1);
  });

  it('but one of two hashes of a file that is wrong is refused', async () => {
    const twice = wheel({ record: (lines) => [...lines, recordLine('tiny/__init__.py', 'other')] });
    expect((await refused(inspectWheel(await twice), 'invalid_zip')).details['check']).toBe('wheel_record');
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
      'records with a hash nobody knows',
      { record: (lines) => lines.map((line) => line.replace('sha256=', 'crc32=')) },
      'wheel_record',
      'tiny-1.0.dist-info/RECORD',
    ],
    [
      'holds other content than recorded',
      { record: (lines) => [recordLine('tiny/__init__.py', 'other'), ...lines.slice(1)] },
      'wheel_record',
      'tiny/__init__.py',
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

  it('was renamed, and says to what it belongs', async () => {
    const bytes = wheelBytes({ name: 'tiny', version: '1.0' });
    const path = join(folder, 'tiny-2.0-py3-none-any.whl');
    await writeFile(path, bytes);
    const error = await refused(inspectWheel(path), 'invalid_zip');
    expect(error.hint).toContain('give it the name tiny-1.0-py3-none-any.whl and pin tiny==1.0');
  });

  it('has a version from before PEP 440, which pip refuses, and says what comes closest', async () => {
    const file = 'tiny-1.0_custom-py3-none-any.whl';
    const error = await refused(inspectWheel(await wheel({}, file)), 'invalid_zip');
    expect(error.message).toBe(`The wheel ${file} has the version 1.0_custom, which pip refuses from 24.1 on.`);
    expect(error.hint).toContain('such as 1.0+custom');
  });

  it.each([
    ['torch-2.0.1%2Bcu118-cp311-cp311-linux_x86_64.whl', 'torch-2.0.1+cu118-cp311-cp311-linux_x86_64.whl'],
    ['tiny-1.0-py3-none-any (1).whl', 'tiny-1.0-py3-none-any.whl'],
    ['tiny-1.0-py3-none-any - Copy.whl', 'tiny-1.0-py3-none-any.whl'],
    ['tiny-1.0%2Bgpu-py3-none-any(2).whl', 'tiny-1.0+gpu-py3-none-any.whl'],
    ['tiny-1.0 gpu-py3-none-any.whl', 'tiny-1.0+gpu-py3-none-any.whl'],
  ])('has a name a download changed, and says which it should be: %s', async (file, better) => {
    const error = await refused(inspectWheel(await wheel({}, file)), 'invalid_zip');
    expect(error.hint).toContain(`Rename it to ${better}:`);
  });
});

describe('an old version specifier', () => {
  it.each([
    ['>=2.7.*', [['>=', '2.7']]],
    ['<=3.9.*', [['<', '3.10']]],
    ['>3.6.*', [['>=', '3.7']]],
    ['<4.*', [['<', '4']]],
    ['~=3.6.*', [['~=', '3.6']]],
    [
      '!=3.0.*,>=2.7',
      [
        ['!=', '3.0.*'],
        ['>=', '2.7'],
      ],
    ],
  ])('%s is read by its meaning', async (requiresPython, expected) => {
    const { metadata } = await inspectWheel(await wheel({ requiresPython }));
    expect(metadata.requiresPython.map(({ operator, text }) => [operator, text])).toEqual(expected);
  });

  it('is no zip', async () => {
    const path = join(folder, 'tiny-1.0-py3-none-any.whl');
    await writeFile(path, 'not a wheel');
    const error = await refused(inspectWheel(path), 'invalid_zip');
    expect(error.details).toMatchObject({ check: 'wheel_archive', archiveCheck: 'not_a_zip' });
  });
});

describe('a name the Runner or the environment is run by is taken by no wheel, however it is written:', () => {
  const scripts = (name: string) => ({ files: { [`tiny-1.0.data/scripts/${name}`]: '#!/bin/sh\n' } });
  const entry = (text: string) => ({ entryPoints: text });
  it.each<[string, Partial<WheelRecipe>]>([
    ...[
      'setpriv',
      'unshare',
      'sh',
      'env',
      'flock',
      'prlimit',
      'SH',
      'Python3.EXE',
      'pip',
      'pip3.11',
      'Activate.ps1',
    ].map((name): [string, Partial<WheelRecipe>] => [`a script ${name}`, scripts(name)]),
    ['a folder named python in bin', scripts('python/x')],
    ['a script among the data', { files: { 'tiny-1.0.data/data/bin/setpriv': 'x' } }],
    ['a script in another spelling of bin', { files: { 'tiny-1.0.data/data/Scripts/ENV': 'x' } }],
    ['another distribution’s data folder', { files: { 'other.data/scripts/sh': 'x' } }],
    ['a scheme nobody knows', { files: { 'tiny-1.0.data/Scripts/sh': 'x' } }],
    ['a data folder that is a file', { files: { 'tiny-1.0.data': 'x' } }],
    ['the folder bin as a file', { files: { 'tiny-1.0.data/data/bin': 'x' } }],
    ['lib64 as a file', { files: { 'tiny-1.0.data/data/lib64': 'x' } }],
    ['modules of another Python', { files: { 'tiny-1.0.data/data/lib64/python3.13t/site.py': 'x' } }],
    ['a start-up module in other letters', { files: { 'SiteCustomize.py': '' } }],
    ['a compiled start-up module', { files: { 'tiny-1.0.data/platlib/usercustomize.abi3.so': '' } }],
    ['the start-up file of another tool', { files: { '_virtualenv.pth': 'import _virtualenv' } }],
    ['a namespace file that does more', { files: { 'x-nspkg.pth': `${NAMESPACE_PTH}import evil\n` } }],
    ['double brackets', entry('[[console_scripts]]\nsetpriv = tiny:main\n')],
    ['blanks in the brackets', entry('[ console_scripts ]\nsetpriv = tiny:main\n')],
    ['a section in capitals', entry('[Console_Scripts]\npython = tiny:main\n')],
    ['a section with a hyphen', entry('[gui-scripts]\npython = tiny:main\n')],
    ['a form feed', entry('[other]\n\f[console_scripts]\nsetpriv = tiny:main\n')],
    ['a vertical tab as an end of line', entry('[other]\nx = y:z\v[console_scripts]\vsh = tiny:main\n')],
    ['a lone carriage return', entry('[console_scripts]\rsh = tiny:main\r')],
    ['a line separator', entry('[other]\u2028[console_scripts]\u2028sh = tiny:main')],
    ['a next-line character', entry('[other]\u0085[console_scripts]\u0085sh = tiny:main')],
    ['a byte-order mark', entry('\ufeff[console_scripts]\nsh = tiny:main')],
    ['a bracket before the name', entry('[console_scripts]\n[python = tiny:main\n')],
    ['a name behind another word', entry('[console_scripts]\nx python = tiny:main\n')],
    ['a name with a slash', entry('[console_scripts]\n./python = tiny:main\n')],
    ['a name with a backslash', entry('[console_scripts]\n..\\python = tiny:main\n')],
    ['two dots', entry('[console_scripts]\n.. = tiny:main\n')],
    ['indented lines', entry('   [console_scripts]\n     SETPRIV = tiny:main\n')],
    ['a colon for an equals sign', entry('[console_scripts]\nsh : tiny:main\n')],
    ['an entry before any section', entry('sh = tiny:main\n[console_scripts]\n')],
    ['a name in wide letters', entry('[console_scripts]\nｓｈ = tiny:main\n')],
    ['the section twice', entry('[console_scripts]\nx = a:b\n[other]\n[console_scripts]\nsh = a:b\n')],
  ])('%s', async (_, recipe) => {
    const error = await refused(inspectWheel(await wheel(recipe)), 'invalid_zip');
    expect(error.details['check']).toBe('wheel_forbidden_file');
  });

  it('pip itself may bring pip, and a wheel what only looks like such a name', async () => {
    const own = '[console_scripts]\npip = pip:main\npip3.11 = pip:main\n';
    await expect(inspectWheel(await wheel({ name: 'pip', entryPoints: own }))).resolves.toMatchObject({ key: 'pip' });
    const near = '[console_scripts]\npython-argcomplete = a:b\nactivate-global = a:b\npipx = a:b\nf2py = a:b\n';
    await expect(inspectWheel(await wheel({ entryPoints: near }))).resolves.toMatchObject({ key: 'tiny' });
  });
});

describe('metadata made to cost time is refused, or read, at once:', () => {
  const big = (line: string, count: number): string => line.repeat(count);
  it.each<[string, Partial<WheelRecipe>]>([
    ['a line of three megabytes', { metadata: `Name: tiny\nVersion: 1.0\nX: ${big('x', 3_000_000)}\n\n` }],
    ['half a million headers', { metadata: `Name: tiny\nVersion: 1.0\n${big('a:\n', 500_000)}\n` }],
    ['a name continued for ever', { metadata: `Name: tiny\n${big(' x\n', 500_000)}Version: 1.0\n\n` }],
    ['a hundred thousand needs', { metadata: `Name: tiny\nVersion: 1.0\n${big('Requires-Dist: a\n', 100_000)}\n` }],
    ['a need of four thousand blanks', { requires: [`a${big(' ', 4000)}x`] }],
    ['a RECORD of quotes', { record: (lines) => [...lines, big(',"a', 300_000)] }],
    ['a RECORD of a million lines', { record: (lines) => [...lines, big('tiny/__init__.py,,\n', 300_000)] }],
    ['a RECORD that is no text', { record: (lines) => [...lines, '\ufffd\0'.repeat(4000)] }],
    ['a megabyte of entry points', { entryPoints: `[other]\n${big('a = b:c\n', 200_000)}` }],
    ['a line of brackets', { entryPoints: big('[', 200_000) }],
  ])('%s', async (_, recipe) => {
    const path = await wheel(recipe);
    const start = performance.now();
    await inspectWheel(path).catch((error: unknown) => expect(error).toMatchObject({ code: '2001' }));
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
