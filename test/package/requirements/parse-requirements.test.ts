import { describe, expect, it } from 'vitest';
import { parseRequirements } from '../../../src/package/index.js';
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

describe('requirements.txt is refused, naming line and reason, for', () => {
  it.each([
    ['another file', '-r other.txt', /option -r/],
    ['another file on the network', '-r http://example.org/r.txt', /option -r/],
    ['another file, joined', '-rother.txt', /option -rother\.txt/],
    ['constraints', '--constraint=c.txt', /option --constraint/],
    ['another index', '--index-url https://example.org', /option --index-url/],
    ['a further index', '-i https://example.org', /option -i/],
    ['another place for wheels', '--find-links http://example.org', /option --find-links/],
    ['an editable install', '-e .', /option -e/],
    ['a trusted host', '--trusted-host example.org', /option --trusted-host/],
    ['an address', 'name @ http://example.org/name.whl', /address/],
    ['an address on disk', 'name @ file:///tmp/name.whl', /address/],
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
    ['an arbitrary equality', 'numpy===1.20', /pinned/],
    ['an exclusion', 'numpy!=1.20', /pinned/],
    ['an option behind the version', 'numpy==1.20 --install-option="x"', /option/],
    ['a global option behind the version', 'numpy==1.20 --global-option=x', /option/],
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

  it('UTF-16, as PowerShell writes it', async () => {
    const error = await refused(() => parse(Buffer.from('\ufeffnumpy==1', 'utf16le')), 'invalid_zip');
    expect(error.message).toContain('UTF-16');
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
