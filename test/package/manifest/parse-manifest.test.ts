import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/package/index.js';
import type { Problem } from '../../../src/package/index.js';
import { MANIFEST } from '../support/package-bytes.js';
import { refused } from '../support/refused.js';

const bytesOf = (document: unknown): Buffer => Buffer.from(JSON.stringify(document));
const parse = (change: object = {}) => parseManifest(bytesOf({ ...MANIFEST, ...change }));
const step = (params: unknown[], more: object = {}) => ({ steps: [{ index: 1, name: 'locate', params, ...more }] });
const param = (fields: object) => step([{ key: 'p', ...fields }]);

async function problemsOf(change: object | Buffer): Promise<readonly Problem[]> {
  const bytes = Buffer.isBuffer(change) ? change : bytesOf({ ...MANIFEST, ...change });
  const error = await refused(() => parseManifest(bytes), 'manifest_missing');
  return error.details['problems'] as readonly Problem[];
}

describe('a manifest', () => {
  it('comes out in one form', () => {
    const { manifest, warnings } = parse({
      description: 'Finds missing screws',
      steps: [
        {
          index: 1,
          name: 'locate',
          params: [{ key: 'threshold', type: 'float', default: 0.5, min: 0, max: 1, unit: '%' }],
        },
        { index: 2, name: 'check' },
      ],
      required_assets: { A01: { layout: './assets/A01.json' } },
      default_config: { model: 'assets/model.json' },
    });
    expect(manifest).toEqual({
      name: 'screw-check',
      stepsCountFrom: 1,
      version: '1.0.0',
      entryPoint: {
        kind: 'class',
        text: 'screw_check.main:ScrewCheck',
        module: 'screw_check.main',
        className: 'ScrewCheck',
      },
      description: 'Finds missing screws',
      supportedPids: ['A01', 'A02'],
      steps: [
        {
          index: 1,
          name: 'locate',
          params: [{ key: 'threshold', type: 'float', required: false, default: 0.5, min: 0, max: 1, unit: '%' }],
        },
        { index: 2, name: 'check', params: [] },
      ],
      requiredAssets: { A01: { layout: 'assets/A01.json' } },
      defaultConfig: { model: 'assets/model.json' },
    });
    expect(warnings).toEqual([]);
  });

  it('may begin with a byte order mark', () => {
    expect(parseManifest(Buffer.concat([Buffer.from('\ufeff'), bytesOf(MANIFEST)])).manifest.name).toBe('screw-check');
  });

  it('in UTF-16 is refused, saying so', async () => {
    expect((await problemsOf(Buffer.from(`\ufeff${JSON.stringify(MANIFEST)}`, 'utf16le')))[0]?.message).toContain(
      'UTF-16',
    );
  });

  it.each([
    ['screw_check.main:Screw.Inner', { kind: 'class', module: 'screw_check.main', className: 'Screw.Inner' }],
    ['screw_check.main', { kind: 'module', module: 'screw_check.main' }],
    ['src/run.py', { kind: 'file', path: 'src/run.py' }],
    ['./run.py', { kind: 'file', path: 'run.py' }],
  ])('may enter by %s', (text, entryPoint) => {
    expect(parse({ entry_point: text }).manifest.entryPoint).toEqual({ text, ...entryPoint });
  });

  it.each(['1', '1.0', '1.0.0', '1.0.0-rc.1', '1.2.3+build.5'])('keeps the version %s as written', (version) => {
    const { manifest, warnings } = parse({ version });
    expect(manifest.version).toBe(version);
    expect(warnings).toEqual([]);
  });
});

describe('a manifest is refused with a pointer to what is wrong:', () => {
  it.each<[string, object, string, RegExp]>([
    ['no name', { name: undefined }, '/name', /missing/],
    ['a name with a slash', { name: 'a/b' }, '/name', /ASCII letters/],
    ['a name of 65 characters', { name: 'n'.repeat(65) }, '/name', /1 to 64/],
    ['a name that is a device elsewhere', { name: 'con' }, '/name', /device/],
    ['a name that is a number', { name: 7 }, '/name', /must be a text, not 7/],
    ['no version', { version: undefined }, '/version', /missing/],
    ['a version that is a number', { version: 1.0 }, '/version', /must be a text, not 1/],
    ['a version with a slash', { version: '../1' }, '/version', /such as/],
    ['a version that climbs', { version: '1..2' }, '/version', /\.\./],
    ['no entry point', { entry_point: undefined }, '/entry_point', /missing/],
    ['an entry point of another form', { entry_point: 'a b' }, '/entry_point', /module\.sub:Class/],
    ['an entry file outside the package', { entry_point: '../run.py' }, '/entry_point', /leave the package/],
    ['an absolute entry file', { entry_point: '/run.py' }, '/entry_point', /relative/],
    ['no PIDs', { supported_pids: [] }, '/supported_pids', /at least 1 items/],
    ['51 PIDs', { supported_pids: Array.from({ length: 51 }, (_, n) => `P${n}`) }, '/supported_pids', /at most 50/],
    ['a PID twice', { supported_pids: ['A', 'B', 'A'] }, '/supported_pids/2', /twice/],
    ['a PID that is no file name', { supported_pids: ['../A'] }, '/supported_pids/0', /must not hold/],
    ['a PID that begins with a dot', { supported_pids: ['.A01'] }, '/supported_pids/0', /begin with a dot/],
    ['a PID in pieces', { supported_pids: ['A', 'e\u0301'] }, '/supported_pids/1', /normal form C/],
    ['a PID with what is not seen', { supported_pids: ['A\u200b01'] }, '/supported_pids/0', /cannot be seen/],
    ['a PID that is a device', { supported_pids: ['com¹'] }, '/supported_pids/0', /device name/],
    ['no steps', { steps: [] }, '/steps', /at least 1/],
    ['a step without a name', { steps: [{ index: 1 }] }, '/steps/0/name', /missing/],
    ['a step with a fractional index', { steps: [{ index: 1.5, name: 'a' }] }, '/steps/0/index', /whole number/],
    ['a negative step', { steps: [{ index: -1, name: 'a' }] }, '/steps/0/index', /at least 0/],
    [
      'a step twice',
      {
        steps: [
          { index: 1, name: 'a' },
          { index: 1, name: 'b' },
        ],
      },
      '/steps/1/index',
      /another step/,
    ],
    ['both spellings of params', step([], { parameters: [] }), '/steps/0/parameters', /keep one/],
    [
      'a parameter twice',
      step([
        { key: 'p', type: 'int' },
        { key: 'p', type: 'int' },
      ]),
      '/steps/0/params/1/key',
      /another/,
    ],
    ['a parameter without a type', param({}), '/steps/0/params/0/type', /int, float, rect/],
    ['a type of other tools', param({ type: 'integer' }), '/steps/0/params/0/type', /write "int"/],
    ['an asset outside the package', { required_assets: { A01: { m: '../m' } } }, '/required_assets/A01/m', /leave/],
    ['an absolute asset', { default_config: { m: '/etc/passwd' } }, '/default_config/m', /relative/],
    ['an asset with backslashes', { default_config: { m: 'a\\b' } }, '/default_config/m', /"\/"/],
  ])('%s', async (_, change, pointer, message) => {
    const problems = await problemsOf(change);
    expect(problems.map((problem) => problem.pointer)).toEqual([pointer]);
    expect(problems[0]?.message).toMatch(message);
  });

  it('everything at once, not only the first', async () => {
    const problems = await problemsOf({ name: '', version: 1, supported_pids: 'A01' });
    expect(problems.map(({ pointer }) => pointer)).toEqual(['/name', '/version', '/supported_pids']);
  });

  it('a document that is no object', async () => {
    expect(await problemsOf(Buffer.from('[]'))).toEqual([{ pointer: '', message: 'must be an object, not []' }]);
  });

  it.each([
    ['a key twice', '{"name": "a", "name": "b"}', '/name', 15],
    ['a huge number', '{"steps": [1e400]}', '/steps/0', 12],
  ])('%s, with line and column', async (_, text, pointer, column) => {
    expect((await problemsOf(Buffer.from(text)))[0]).toMatchObject({ pointer, line: 1, column });
  });
});

describe('a parameter’s constraints must make sense:', () => {
  it.each<[string, object, string, RegExp]>([
    ['min above max', { type: 'int', min: 5, max: 1 }, 'min', /above max: 5 > 1/],
    ['lengths the wrong way round', { type: 'string', min_length: 5, max_length: 1 }, 'min_length', /above/],
    ['an enum without choices', { type: 'enum' }, 'choices', /missing/],
    ['an enum with no choice', { type: 'enum', choices: [] }, 'choices', /at least 1/],
    ['a choice twice', { type: 'enum', choices: ['a', 'b', 'a'] }, 'choices/2', /twice/],
    ['a list of enums without choices', { type: 'array', item_type: 'enum' }, 'choices', /missing/],
    ['a list of lists', { type: 'array', item_type: 'array' }, 'item_type', /must be one of/],
    ['a pattern that is none', { type: 'string', pattern: '(' }, 'pattern', /regular expression/],
    ['a pattern of Python only', { type: 'string', pattern: '(?P<year>\\d+)' }, 'pattern', /ECMAScript/],
    ['a schema that is none', { type: 'json', schema: { type: 'nonsense' } }, 'schema', /JSON Schema/],
    [
      'a schema that leads elsewhere',
      { type: 'json', schema: { $ref: 'http://x/y' } },
      'schema/$ref',
      /not in the schema/,
    ],
    ['a default of another type', { type: 'int', default: 'x' }, 'default', /number/],
    ['a fractional default', { type: 'int', default: 1.5 }, 'default', /whole number/],
    ['a default out of range', { type: 'float', default: 2, max: 1 }, 'default', /at most 1, not 2/],
    ['a default that is no choice', { type: 'enum', choices: ['a'], default: 'b' }, 'default', /must be one of "a"/],
    ['a default that is too long', { type: 'string', max_length: 2, default: 'abc' }, 'default', /at most 2/],
    ['a default of 1,001 characters', { type: 'string', default: 'x'.repeat(1001) }, 'default', /at most 1000/],
    ['a default that does not match', { type: 'string', pattern: '^a', default: 'b' }, 'default', /match/],
    ['a default that is no rectangle', { type: 'rect', default: '1,2,3' }, 'default', /x,y,width,height/],
    [
      'a default rectangle without area',
      { type: 'rect', default: { x: 0, y: 0, width: 0, height: 1 } },
      'default',
      /above 0/,
    ],
    [
      'a default item out of range',
      { type: 'array', item_type: 'int', max: 3, default: [1, 9] },
      'default/1',
      /at most 3/,
    ],
    ['a default that breaks its schema', { type: 'json', schema: { type: 'array' }, default: {} }, 'default', /array/],
  ])('%s', async (_, fields, place, message) => {
    const problems = await problemsOf(param(fields));
    expect(problems.map(({ pointer }) => pointer)).toEqual([`/steps/0/params/0/${place}`]);
    expect(problems[0]?.message).toMatch(message);
  });

  it('and a pointer keeps the spelling of the file', async () => {
    const steps = [{ index: 1, name: 'a', parameters: [{ key: 'p', type: 'int', min: 2, max: 1 }] }];
    expect((await problemsOf({ steps }))[0]?.pointer).toBe('/steps/0/parameters/0/min');
  });
});

describe('every type of parameter is accepted:', () => {
  it.each<[object, object]>([
    [
      { type: 'int', min: 1, max: 9, default: 3 },
      { type: 'int', min: 1, max: 9, default: 3 },
    ],
    [
      { type: 'float', choices: [0.5, 1], default: 1 },
      { type: 'float', choices: [0.5, 1], default: 1 },
    ],
    [
      { type: 'rect', default: '1,2,3,4' },
      { type: 'rect', default: '1,2,3,4' },
    ],
    [
      { type: 'enum', choices: ['a', 2, true], default: 2 },
      { type: 'enum', choices: ['a', 2, true], default: 2 },
    ],
    [
      { type: 'bool', default: false },
      { type: 'bool', default: false },
    ],
    [
      { type: 'string', pattern: '^a' },
      { type: 'string', pattern: '^a', maxLength: 1000 },
    ],
    [
      { type: 'array', item_type: 'int', min: 0, max_length: 3, default: [1] },
      { type: 'array', item: { type: 'int', min: 0 }, maxLength: 3, default: [1] },
    ],
    [
      { type: 'json', schema: { type: 'object' }, default: {} },
      { type: 'json', schema: { type: 'object' }, default: {} },
    ],
    [{ type: 'json' }, { type: 'json' }],
    [{ type: 'int', default: null }, { type: 'int' }],
  ])('%j', (fields, expected) => {
    expect(parse(param(fields)).manifest.steps[0]?.params).toEqual([{ key: 'p', required: false, ...expected }]);
  });
});

describe('a manifest is accepted with a warning for', () => {
  const manyPids = Array.from({ length: 21 }, (_, n) => `P${n}`);

  it.each<[string, object, string, string]>([
    ['upper case in its name', { name: 'Screw' }, 'upper_case_name', '/name'],
    ['a version that is none of the usual', { version: 'v2b' }, 'unusual_version', '/version'],
    ['more than 20 PIDs', { supported_pids: manyPids }, 'many_pids', '/supported_pids'],
    ['steps that count from 0', { steps: [{ index: 0, name: 'a' }] }, 'legacy_zero_based', '/steps'],
    [
      'steps with a gap',
      {
        steps: [
          { index: 1, name: 'a' },
          { index: 3, name: 'b' },
        ],
      },
      'step_gap',
      '/steps',
    ],
    [
      'the older name of params',
      { steps: [{ index: 1, name: 'a', parameters: [] }] },
      'legacy_parameters',
      '/steps/0/parameters',
    ],
    [
      'assets of a PID it does not support',
      { required_assets: { Z: { m: 'm' } } },
      'assets_of_unknown_pid',
      '/required_assets/Z',
    ],
    ['$schema', { $schema: 'https://example.org/manifest' }, 'ignored_key', '/$schema'],
    ['an unknown key', { author: 'me' }, 'ignored_key', '/author'],
    ['an unknown key of a step', { steps: [{ index: 1, name: 'a', icon: 'x' }] }, 'ignored_key', '/steps/0/icon'],
    [
      'a constraint that its type does not have',
      param({ type: 'bool', min: 1 }),
      'ignored_key',
      '/steps/0/params/0/min',
    ],
  ])('%s', (_, change, code, pointer) => {
    expect(parse(change).warnings.map((warning) => [warning.code, warning.pointer])).toEqual([[code, pointer]]);
  });

  it('steps from 0, which are counted from 1 from here on', () => {
    expect(
      parse({
        steps: [
          { index: 0, name: 'a' },
          { index: 1, name: 'b' },
        ],
      }).manifest.steps.map(({ index }) => index),
    ).toEqual([1, 2]);
  });
});
