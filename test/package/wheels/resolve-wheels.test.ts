import { describe, expect, it } from 'vitest';
import { chooseInterpreter, parseRequirements, resolveWheels } from '../../../src/package/index.js';
import type { EnvironmentNeed, Wheel } from '../../../src/package/index.js';
import { HeaderReader } from '../../../src/package/wheels/headers.js';
import { METADATA_FIELDS, metadataOf } from '../../../src/package/wheels/metadata.js';
import { parseWheelName } from '../../../src/package/wheels/wheel-name.js';
import { pretendInterpreter } from '../support/pretend-interpreter.js';
import { refused } from '../support/refused.js';

interface Needs {
  readonly requires?: readonly string[];
  readonly python?: string;
  readonly sha256?: string;
}

/** A wheel by its file name, as inspecting it would tell. */
function wheel(file: string, { requires = [], python = '', sha256 = '0'.repeat(64) }: Needs = {}): Wheel {
  const name = parseWheelName(file);
  if (name === undefined) throw new Error(`not the name of a wheel: ${file}`);
  const headers = [
    `Name: ${name.key}`,
    `Version: ${name.version.text}`,
    `Requires-Python: ${python}`,
    ...requires.map((one) => `Requires-Dist: ${one}`),
  ];
  const reader = new HeaderReader(METADATA_FIELDS);
  for (const header of headers) reader.take(header);
  const metadata = metadataOf(reader);
  if ('problem' in metadata) throw new Error(metadata.problem);
  return { ...name, sha256, metadata, files: [], totalBytes: 0, entryCount: 0, warnings: [] };
}

const wanted = (text: string) =>
  parseRequirements(Buffer.from(text)).map((requirement) => ({
    ...requirement,
    wantedBy: `requirements.txt line ${requirement.line}`,
  }));

const python311 = pretendInterpreter('3.11.7');

function resolve(text: string, wheels: readonly Wheel[], interpreter = python311) {
  const resolution = resolveWheels(wanted(text), wheels, interpreter);
  return resolution.ok
    ? resolution.wheels.map(({ file }) => file).sort()
    : resolution.failures.map(({ kind, message }) => `${kind}: ${message}`);
}

describe('wheels resolve', () => {
  it('to the pinned version, and to what it needs in turn', () => {
    const wheels = [
      wheel('a-1.0-py3-none-any.whl', { requires: ['b>=2', 'c; sys_platform == "win32"'] }),
      wheel('a-2.0-py3-none-any.whl'),
      wheel('b-1.0-py3-none-any.whl'),
      wheel('b-2.1-py3-none-any.whl', { requires: ['d'] }),
      wheel('d-0.1-py3-none-any.whl'),
      wheel('unused-1.0-py3-none-any.whl'),
    ];
    expect(resolve('a==1.0', wheels)).toEqual([
      'a-1.0-py3-none-any.whl',
      'b-2.1-py3-none-any.whl',
      'd-0.1-py3-none-any.whl',
    ]);
  });

  it('to nothing where markers say so', () => {
    expect(resolve('a==1 ; python_version < "3"', [])).toEqual([]);
  });

  it('with the extras that were asked for, and no others', () => {
    const wheels = [
      wheel('a-1-py3-none-any.whl', { requires: ['fast; extra == "speed"', 'docs; extra == "doc"'] }),
      wheel('fast-1-py3-none-any.whl'),
      wheel('docs-1-py3-none-any.whl'),
    ];
    expect(resolve('a==1', wheels)).toEqual(['a-1-py3-none-any.whl']);
    expect(resolve('a[Speed]==1', wheels)).toEqual(['a-1-py3-none-any.whl', 'fast-1-py3-none-any.whl']);
  });

  it('through circles', () => {
    const wheels = [
      wheel('a-1-py3-none-any.whl', { requires: ['b'] }),
      wheel('b-1-py3-none-any.whl', { requires: ['a'] }),
    ];
    expect(resolve('a==1', wheels)).toEqual(['a-1-py3-none-any.whl', 'b-1-py3-none-any.whl']);
  });

  it.each([
    [
      'compiled for this interpreter before pure',
      ['n-1-py3-none-any.whl', 'n-1-cp311-cp311-manylinux2014_x86_64.whl'],
      'n-1-cp311-cp311-manylinux2014_x86_64.whl',
    ],
    [
      'of a stable ABI',
      ['n-1-cp38-abi3-manylinux_2_17_x86_64.whl', 'n-1-cp312-cp312-manylinux2014_x86_64.whl'],
      'n-1-cp38-abi3-manylinux_2_17_x86_64.whl',
    ],
    ['of the later build', ['n-1-1-py3-none-any.whl', 'n-1-2-py3-none-any.whl'], 'n-1-2-py3-none-any.whl'],
    [
      'of a local build, which comes after the plain release',
      ['n-1-py3-none-any.whl', 'n-1+cpu-py3-none-any.whl'],
      'n-1+cpu-py3-none-any.whl',
    ],
  ])('to the wheel %s', (_, files, expected) => {
    expect(
      resolve(
        'n==1',
        files.map((file) => wheel(file)),
      ),
    ).toEqual([expected]);
  });

  it('to a release before a pre-release, where both would do', () => {
    const wheels = [
      wheel('a-1-py3-none-any.whl', { requires: ['b'] }),
      wheel('b-2rc1-py3-none-any.whl'),
      wheel('b-1-py3-none-any.whl'),
    ];
    expect(resolve('a==1', wheels)).toContain('b-1-py3-none-any.whl');
  });

  it('by hash, where requirements.txt gives one', () => {
    const [good, bad] = ['ab'.repeat(32), 'cd'.repeat(32)];
    expect(resolve(`a==1 --hash=sha256:${good}`, [wheel('a-1-py3-none-any.whl', { sha256: good })])).toHaveLength(1);
    expect(resolve(`a==1 --hash=sha256:${good}`, [wheel('a-1-py3-none-any.whl', { sha256: bad })])).toEqual([
      'missing: requirements.txt line 1 needs a==1, but the wheel in wheels/ has another hash than requirements.txt allows',
    ]);
  });
});

describe('wheels do not resolve, naming who needs what, when', () => {
  it.each<[string, string, readonly Wheel[], string]>([
    ['there is none', 'a==1', [], 'missing: requirements.txt line 1 needs a==1, but wheels/ holds no wheel of a'],
    [
      'there is another version',
      'a==1',
      [wheel('a-2-py3-none-any.whl')],
      'missing: requirements.txt line 1 needs a==1, but wheels/ holds a 2',
    ],
    [
      'one needs another that is not there',
      'a==1',
      [wheel('a-1-py3-none-any.whl', { requires: ['b>=2'] })],
      'missing: a 1 needs b>=2, but wheels/ holds no wheel of b',
    ],
    [
      'two contradict each other',
      'a==1\nb==1',
      [wheel('a-1-py3-none-any.whl', { requires: ['b>=2'] }), wheel('b-1-py3-none-any.whl')],
      'missing: a 1 needs b>=2, but wheels/ holds b 1',
    ],
    [
      'they are for another Python',
      'a==1',
      [wheel('a-1-cp312-cp312-manylinux2014_x86_64.whl')],
      'incompatible: requirements.txt line 1 needs a==1, but Python 3.11.7 cannot use a-1-cp312-cp312-manylinux2014_x86_64.whl',
    ],
    [
      'they ask for another Python',
      'a==1',
      [wheel('a-1-py3-none-any.whl', { python: '>=3.12' })],
      'incompatible: requirements.txt line 1 needs a==1, but Python 3.11.7 cannot use a-1-py3-none-any.whl',
    ],
  ])('%s', (_, text, wheels, expected) => {
    expect(resolve(text, wheels)).toEqual([expected]);
  });
});

describe('the interpreter is chosen', () => {
  const [p310, p311, p312] = ['3.10.13', '3.11.7', '3.12.1'].map((version) => pretendInterpreter(version));
  const all = [p310, p311, p312].filter((each) => each !== undefined);
  const choose = (text: string, wheels: readonly Wheel[], environment: EnvironmentNeed = {}, found = all) =>
    chooseInterpreter(found, { environment, wanted: wanted(text), wheels });
  const pure = [wheel('a-1-py3-none-any.whl')];

  it('first of all that fit', () => {
    expect(choose('a==1', pure).interpreter).toBe(p310);
  });

  it.each<[string, EnvironmentNeed, string]>([
    ['Python version', { pythonVersion: '3.12' }, '3.12.1'],
    ['full Python version', { pythonVersion: '3.11.7' }, '3.11.7'],
    ['ABI', { abi: 'cp311' }, '3.11.7'],
    [
      'everything',
      { pythonVersion: '3.12', implementation: 'cp', abi: 'cp312', platform: 'manylinux2014_x86_64' },
      '3.12.1',
    ],
  ])('by the %s that .procvision_env.json asks for', (_, environment, version) => {
    expect(choose('a==1', pure, environment).interpreter.version).toBe(version);
  });

  it('by the tags of the wheels, without one', () => {
    expect(choose('a==1', [wheel('a-1-cp312-cp312-manylinux2014_x86_64.whl')]).interpreter).toBe(p312);
  });

  it('by what the wheels require', () => {
    expect(choose('a==1', [wheel('a-1-py3-none-any.whl', { python: '>=3.11' })]).interpreter).toBe(p311);
  });

  it('with the wheels it takes there', () => {
    const wheels = [
      wheel('a-1-cp310-cp310-manylinux2014_x86_64.whl'),
      wheel('a-1-cp312-cp312-manylinux2014_x86_64.whl'),
    ];
    expect(choose('a==1', wheels, { pythonVersion: '3.12' }).wheels.map(({ file }) => file)).toEqual([wheels[1]?.file]);
  });

  it('outside of virtual environments, and with a pip that can install', () => {
    const found = [
      pretendInterpreter('3.11.1', { pipVersion: null, canInstall: false }),
      pretendInterpreter('3.11.2', { isVirtual: true }),
      pretendInterpreter('3.11.3'),
    ];
    expect(choose('a==1', pure, {}, found).interpreter.version).toBe('3.11.3');
    expect(choose('a==1', pure, {}, found.slice(0, 2)).interpreter.version).toBe('3.11.2');
  });

  it.each<[string, string, readonly Wheel[], EnvironmentNeed, RegExp]>([
    [
      'another Python by .procvision_env.json',
      'a==1',
      pure,
      { pythonVersion: '3.13' },
      /needs Python 3\.13 .*found 3\.10\.13, 3\.11\.7, 3\.12\.1/,
    ],
    ['another implementation', 'a==1', pure, { implementation: 'pp' }, /needs pp 3\.1/],
    ['another platform', 'a==1', pure, { platform: 'win_amd64' }, /needs the platform win_amd64/],
    [
      'another Python by its wheels',
      'a==1',
      [wheel('a-1-cp39-cp39-manylinux2014_x86_64.whl')],
      {},
      /needs Python 3\.9 .*a-1-cp39/,
    ],
    [
      'another platform by its wheels',
      'a==1',
      [wheel('a-1-cp311-cp311-win_amd64.whl')],
      {},
      /needs the platform win_amd64/,
    ],
    [
      'a newer Python by what its wheels require',
      'a==1',
      [wheel('a-1-py3-none-any.whl', { python: '>=3.14' })],
      {},
      /needs Python >=3\.14/,
    ],
  ])(
    'or refused with 2003 saying what is needed and what was found: %s',
    async (_, text, wheels, environment, message) => {
      const error = await refused(() => choose(text, wheels, environment), 'incompatible_python');
      expect(error.code).toBe('2003');
      expect(error.message).toMatch(message);
    },
  );

  it('or refused with the wheel that keeps out the Python that comes closest, and why', async () => {
    const wheels = [
      wheel('a-1-cp311-cp311-manylinux2014_x86_64.whl'),
      wheel('b-1-cp311-cp311-win_amd64.whl'),
      wheel('c-1-cp311-abi3-manylinux2014_x86_64.whl'),
    ];
    const error = await refused(() => choose('a==1\nb==1\nc==1', wheels), 'incompatible_python');
    expect(error.message).toBe(
      'This package needs the platform win_amd64 (says b-1-cp311-cp311-win_amd64.whl), found 3.10.13, 3.11.7, 3.12.1. ' +
        'That keeps out Python 3.11.7 at /usr/bin/python3.11, which comes closest.',
    );
    expect(error.hint).toContain('--wheels-platform manylinux2014_x86_64 --python-version 3.11');
    expect(error.details).toMatchObject({ wheels: ['b-1-cp311-cp311-win_amd64.whl'], closest: { version: '3.11.7' } });
  });

  it('or refused with the Python asked for and the wheels found, where a package contradicts itself', async () => {
    const wheels = [wheel('a-1-cp312-cp312-manylinux2014_x86_64.whl')];
    const error = await refused(() => choose('a==1', wheels, { pythonVersion: '3.11' }), 'incompatible_python');
    expect(error.message).toContain(
      '.procvision_env.json asks for Python 3.11, and its wheels are for another: a-1-cp312-cp312-manylinux2014_x86_64.whl',
    );
    expect(error.hint).toContain('--python-version 3.11');
  });

  it('or refused with the Python that would do, where .procvision_env.json asks for one that is not here', async () => {
    const error = await refused(() => choose('a==1', pure, { pythonVersion: '3.9' }), 'incompatible_python');
    expect(error.hint).toContain('Its wheels fit Python 3.10.13, which is here');
  });

  it('or refused with 2003 where there is no Python at all', async () => {
    expect((await refused(() => choose('a==1', pure, {}, []), 'incompatible_python')).message).toContain('found none');
  });

  it('or refused with 2004 naming the requirement, when one interpreter fits but for a wheel', async () => {
    const wheels = [wheel('a-1-cp312-cp312-manylinux2014_x86_64.whl', { requires: ['b'] })];
    const error = await refused(() => choose('a==1', wheels), 'wheels_missing');
    expect(error.details['missing']).toEqual([{ requirement: 'b', wantedBy: 'a 1' }]);
  });

  it('or refused as unfit, when all that fit lack pip', async () => {
    const found = [pretendInterpreter('3.11.7', { pipVersion: '20.1', canInstall: false })];
    const error = await refused(() => choose('a==1', pure, {}, found), 'host_unfit');
    expect(error.message).toMatch(/pip 22\.3 or newer.*has pip 20\.1/);
  });
});
