import { describe, expect, it } from 'vitest';
import { parseRequirements } from '../../../src/package/index.js';
import { readRequirementsFile } from '../../../src/package/requirements/parse-requirements.js';
import { refused } from '../support/refused.js';

const parse = (text: string | Buffer) => parseRequirements(Buffer.from(text));
const DIGEST = 'ab'.repeat(32);

describe('requirements.txt', () => {
  it('lists names, versions, extras, markers and hashes', () => {
    const [numpy, uvicorn, typing] = parse(
      [
        '# made by pip freeze',
        '',
        'numpy==1.26.4  # the array library',
        'Uvicorn[standard, http2] == 0.23.2',
        `typing_extensions==4.9.0 ; python_version < "3.11" \\`,
        `    --hash=sha256:${DIGEST} \\`,
        `    --hash=sha256:${DIGEST.toUpperCase()}`,
      ].join('\r\n'),
    );
    expect(numpy).toMatchObject({ name: 'numpy', key: 'numpy', line: 3, extras: [], hashes: [] });
    expect(numpy?.version.text).toBe('1.26.4');
    expect(uvicorn).toMatchObject({ name: 'Uvicorn', key: 'uvicorn', extras: ['standard', 'http2'], line: 4 });
    expect(typing).toMatchObject({ key: 'typing-extensions', line: 5, marker: { kind: 'compare' } });
    expect(typing?.hashes).toEqual([
      { algorithm: 'sha256', digest: DIGEST },
      { algorithm: 'sha256', digest: DIGEST },
    ]);
  });

  it('may be empty, or begin with a byte order mark', () => {
    expect(parse('')).toEqual([]);
    expect(parse('\ufeffnumpy==1')).toHaveLength(1);
  });

  it('keeps a local version', () => {
    expect(parse('torch==2.1.0+cu118')[0]?.version.local).toEqual(['cu118']);
  });
});

describe('what pip takes in requirements.txt and does no harm is taken with a warning:', () => {
  const read = (text: string) => readRequirementsFile(Buffer.from(text));

  it.each([
    ['--index-url https://example.org', '--index-url'],
    ['-i https://example.org', '-i'],
    ['--extra-index-url=https://me:secret@example.org/simple', '--extra-index-url'],
    ['--find-links ./wheels', '--find-links'],
    ['-f./wheels', '-f'],
    ['--no-index', '--no-index'],
    ['--trusted-host example.org', '--trusted-host'],
    ['--only-binary :all:', '--only-binary'],
    ['--no-binary=numpy', '--no-binary'],
    ['--pre', '--pre'],
    ['--prefer-binary', '--prefer-binary'],
    ['--extra-index-url \\\n  https://example.org', '--extra-index-url'],
  ])('%s', (line, option) => {
    const { requirements, warnings, options, text } = read(`# mine\n${line}\nnumpy==1.20\n`);
    expect(requirements.map(({ key }) => key)).toEqual(['numpy']);
    expect(warnings).toEqual([`line 2 ${option} means nothing offline`]);
    expect(options).toHaveLength(1);
    expect(text).toBe('# mine\nnumpy==1.20\n');
  });

  it('options of builds behind a requirement', () => {
    const { requirements, warnings } = read('numpy==1.20 --config-settings="a=b" --global-option=x\n');
    expect(requirements[0]?.text).toBe('numpy==1.20');
    expect(warnings).toEqual([
      'line 1 --config-settings means nothing offline',
      'line 1 --global-option means nothing offline',
    ]);
  });

  it('UTF-16, as PowerShell writes it', () => {
    const { requirements, warnings, text } = readRequirementsFile(Buffer.from('\ufeffnumpy==1\r\n', 'utf16le'));
    expect(requirements.map(({ text: line }) => line)).toEqual(['numpy==1']);
    expect(warnings.join()).toContain('UTF-16');
    expect(text).toBe('numpy==1\r\n');
  });

  it('an arbitrary equality, and a pin with ranges beside it', () => {
    const [exact, ranged] = read('numpy===1.20\ntorch>=2.0,==2.1\n').requirements;
    expect([exact?.version.text, ranged?.version.text]).toEqual(['1.20', '2.1']);
  });

  it('--require-hashes, where every line has one', () => {
    expect(read(`--require-hashes\nnumpy==1 --hash=sha256:${DIGEST}\n`)).toMatchObject({ warnings: [], options: [] });
  });
});

describe('requirements.txt is refused, naming line and reason, for', () => {
  it.each([
    ['another file', '-r other.txt', /option -r/],
    ['another file on the network', '-r http://example.org/r.txt', /option -r/],
    ['another file, joined', '-rother.txt', /option -rother\.txt/],
    ['constraints', '--constraint=c.txt', /option --constraint/],
    ['an editable install', '-e .', /option -e installs from source; build a wheel/],
    ['an option nobody knows', '--proxy http://example.org', /option --proxy is not accepted/],
    ['an index that is a requirement, too', '--index-url', /option --index-url/],
    [
      'a wheel by its address',
      'https://example.org/a/torch-2.0.1%2Bcu118-cp311-cp311-linux_x86_64.whl#x',
      /pin it: "torch==2\.0\.1\+cu118"/,
    ],
    ['a wheel by its path', './wheels/tiny_pkg-1.0-py3-none-any.whl', /pin it: "tiny-pkg==1\.0"/],
    ['an unhashed line among --require-hashes', 'numpy==1.20 \n--require-hashes', /has no --hash/],
    ['an option behind the version', 'numpy==1.20 --no-deps', /option/],
    ['an address', 'name @ http://example.org/name.whl', /address/],
    ['an address on disk', 'name @ file:///tmp/name.whl', /address/],
    [
      'what pip freeze writes for conda',
      'numpy @ file:///home/conda/feedstock_root/x/work',
      /pip list --format=freeze/,
    ],
    [
      'a version from before PEP 440',
      'tiny==1.0-custom',
      /pip refuses it from 24\.1 on, where 1\.0\+custom is understood/,
    ],
    ['a bare address', 'https://example.org/name.whl', /address/],
    ['a version control address', 'git+https://example.org/name', /address/],
    ['a local folder', './local', /path/],
    ['a folder above', '../local', /path/],
    ['an absolute path', '/tmp/local', /path/],
    ['a wheel beside it', 'name-1.0-py3-none-any.whl', /path/],
    ['no version', 'numpy', /pinned/],
    ['a range', 'numpy>=1.20', /pinned/],
    ['a compatible release', 'numpy~=1.20', /pinned/],
    ['a wildcard', 'numpy==1.20.*', /pinned/],
    ['two versions', 'numpy==1.20,==1.21', /pinned/],
    ['an exclusion', 'numpy!=1.20', /pinned/],
    ['a weak hash', `numpy==1.20 --hash=md5:${'ab'.repeat(16)}`, /hash/],
    ['a hash that is too short', 'numpy==1.20 --hash=sha256:abc', /hash/],
    ['a variable of the environment', 'numpy==${VERSION}', /version/],
    ['a marker that is none', 'numpy==1.20 ; python is new', /marker/],
    ['a version that is none', 'numpy==one', /version/],
    ['a name that is none', '=numpy==1', /name==version/],
    ['a very long line', `numpy==1.20 ; ${'a'.repeat(5000)}`, /longer/],
  ])('%s', async (_, line, message) => {
    const error = await refused(() => parse(`# first line\n${line}\n`), 'invalid_zip');
    expect(error.details).toMatchObject({ check: 'requirements', problems: [{ line: 2 }] });
    expect(error.message).toMatch(message);
    expect(error.hint).toContain('name==version');
  });

  it('every bad line at once', async () => {
    const error = await refused(() => parse('numpy\nok==1\n-r x\n'), 'invalid_zip');
    expect((error.details['problems'] as { line: number }[]).map(({ line }) => line)).toEqual([1, 3]);
  });

  it('UTF-16 that is none', async () => {
    const half = Buffer.concat([Buffer.from('\ufeffnumpy==1', 'utf16le'), Buffer.from([0x00])]);
    expect((await refused(() => parse(half), 'invalid_zip')).message).toContain('UTF-16');
  });

  it('a megabyte of it', async () => {
    expect((await refused(() => parse('#'.repeat(1024 * 1024)), 'invalid_zip')).message).toContain('more than');
  });
});

describe('requirements made to cost time are refused at once:', () => {
  it.each([
    ['spaces without end', `a${' '.repeat(4000)}(`],
    ['a name without end', `a${'-'.repeat(4000)}(`],
    ['a version without end', `a==${'1'.repeat(4000)}`],
    ['a marker of brackets', `a==1; ${'('.repeat(3000)}`],
    ['lines without end', 'a==1\n'.repeat(50_000)],
    ['lines that go on', 'a\\\n'.repeat(50_000)],
  ])('%s', (_, text) => {
    const beganMs = performance.now();
    expect(() => parseRequirements(Buffer.from(text))).toThrow(/requirements.txt cannot be used/);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });
});
