import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markerHolds } from '../../../src/package/requirements/marker.js';
import type { MarkerEnvironment } from '../../../src/package/requirements/marker.js';
import { parseMarker } from '../../../src/package/requirements/parse-marker.js';
import { parseSpecifier, satisfies } from '../../../src/package/requirements/specifier.js';
import { compareVersions, parseVersion } from '../../../src/package/requirements/version.js';
import { askPip } from './packaging-oracle.js';

/*
 * What decides about wheels must agree with pip, so pip is asked: thousands of pairs in one run, from a fixed seed that
 * the messages name.
 */
const SEED = 20261;
const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number): T[] => fc.sample(arbitrary, { seed: SEED, numRuns });

const number = fc.constantFrom('0', '1', '2', '9', '10', '11');
const release = fc.array(number, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const maybe = (arbitrary: fc.Arbitrary<string>) => fc.oneof({ weight: 3, arbitrary: fc.constant('') }, arbitrary);
const version = fc
  .tuple(
    maybe(fc.constantFrom('0!', '1!')),
    release,
    maybe(
      fc.tuple(fc.constantFrom('a', 'b', 'rc', '.alpha', '-c', '_pre'), maybe(number)).map((parts) => parts.join('')),
    ),
    maybe(fc.tuple(fc.constantFrom('.post', '-', '-r', 'rev'), number).map((parts) => parts.join(''))),
    maybe(fc.tuple(fc.constant('.dev'), maybe(number)).map((parts) => parts.join(''))),
    maybe(fc.constantFrom('+cu118', '+cu118.1', '+1', '+abc.10', '+abc.9')),
  )
  .map((parts) => parts.join(''));

const must = (text: string) => {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`not a version: ${text}`);
  return parsed;
};

describe('versions', () => {
  it('compare as pip compares them', () => {
    const pairs = sample(fc.tuple(version, version), 2000);
    const ours = pairs.map(([a, b]) => Math.sign(compareVersions(must(a), must(b))));
    const { order } = askPip({ order: pairs });
    expect(
      pairs.filter((_, at) => ours[at] !== order[at]),
      `seed ${SEED}`,
    ).toEqual([]);
    expect(new Set(order).size).toBe(3);
  });

  it.each(['', 'one', '1.', '1..2', '1.0-', '1.0+', 'v', '1 .0', '1.0+a..b'])('are not: %j', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it('count builds by date and time', () => {
    expect(compareVersions(must('1.20240101123456789012'), must('1.20240101123456789013'))).toBe(-1);
  });
});

describe('specifiers', () => {
  it('allow what pip allows', () => {
    const operator = fc.constantFrom('==', '!=', '<=', '>=', '<', '>', '~=');
    const specifier = fc.oneof(
      fc.tuple(operator, version).map((parts) => parts.join('')),
      fc.tuple(fc.constantFrom('==', '!='), release).map(([equality, prefix]) => `${equality}${prefix}.*`),
    );
    const pairs = sample(fc.tuple(specifier, version), 4000).filter((pair) => !isOldPipBug(...pair));
    const ours = pairs.map(([text, candidate]) => {
      const parsed = parseSpecifier(text);
      return parsed === undefined ? null : satisfies(must(candidate), [parsed]);
    });
    const { allows } = askPip({ allows: pairs });
    expect(
      pairs.filter((_, at) => ours[at] !== allows[at]),
      `seed ${SEED}`,
    ).toEqual([]);
    expect(new Set(allows)).toEqual(new Set([true, false, null]));
  });
});

/** Before pip 24, `==2.0.*` did not see that 2b1 is 2.0b1: the release has to be filled up before it is cut. */
function isOldPipBug(specifier: string, candidate: string): boolean {
  const prefix = parseSpecifier(specifier);
  const { pre, dev, post, release: parts } = must(candidate);
  const isPlain = pre === undefined && dev === undefined && post === undefined;
  return prefix?.isPrefix === true && !isPlain && parts.length < (prefix.version?.release.length ?? 0);
}

const ENVIRONMENT: MarkerEnvironment = {
  os_name: 'posix',
  sys_platform: 'linux',
  platform_machine: 'x86_64',
  platform_python_implementation: 'CPython',
  platform_release: '6.1.0',
  platform_system: 'Linux',
  platform_version: '#1 SMP',
  python_version: '3.11',
  python_full_version: '3.11.7',
  implementation_name: 'cpython',
  implementation_version: '3.11.7',
};

describe('markers', () => {
  it.each([
    ['python_version >= "3.8"', true],
    ['python_version < "3.11"', false],
    ['python_version < "3.9"', false],
    ["python_version == '3.11.*'", true],
    ['python_full_version > "3.11.2"', true],
    ['"3.8" <= python_version', true],
    ['sys_platform == "win32"', false],
    ['sys_platform != "win32" and platform_machine == "x86_64"', true],
    ['sys_platform == "win32" or sys_platform == "linux"', true],
    ['sys_platform == "win32" and os_name == "nt" or python_version >= "3"', true],
    ['sys_platform == "win32" and (os_name == "nt" or python_version >= "3")', false],
    ['"linux" in sys_platform', true],
    ['platform_machine not in "aarch64 arm64"', true],
    ['platform_machine   not   in "x86_64"', false],
    ["platform_python_implementation == 'PyPy'", false],
    ['os.name == "posix"', true],
    ['python_implementation == "CPython"', true],
    ['implementation_name ~= "1.0"', false],
    ['extra == "gpu"', false],
  ])('%s: %s', (text, expected) => {
    const marker = parseMarker(text);
    expect(marker && markerHolds(marker, ENVIRONMENT)).toBe(expected);
  });

  it('of an extra hold when it is asked for, however it is spelt', () => {
    const marker = parseMarker('extra == "Fast_Math"');
    expect(marker && markerHolds(marker, ENVIRONMENT, 'fast-math')).toBe(true);
  });

  it.each([
    '',
    'python_version',
    'python_version >',
    '>= "3"',
    '(python_version > "3"',
    'python_version > "3")',
    'a == "b"',
    'python_version > "3" and',
    'python_version => "3"',
    'python_version > 3',
    `${'('.repeat(50)}python_version > "3"${')'.repeat(50)}`,
  ])('are not: %s', (text) => {
    expect(parseMarker(text)).toBeUndefined();
  });

  it('hold where pip says they do', () => {
    // Words and versions apart: comparing one with the other is undefined in PEP 508, as is ordering words.
    const either = (variables: string[], operators: string[], literals: string[]) => {
      const [variable, literal] = [fc.constantFrom(...variables), fc.constantFrom(...literals)];
      const operator = fc.constantFrom(...operators);
      return fc.oneof(fc.tuple(variable, operator, literal), fc.tuple(literal, operator, variable));
    };
    const comparison = fc
      .oneof(
        either(
          ['python_version', 'python_full_version'],
          ['==', '!=', '<', '>=', '>', '<=', 'in'],
          ['"3.11"', '"3.8"', '"3.11.7"'],
        ),
        either(
          ['sys_platform', 'platform_machine', 'os_name'],
          ['==', '!=', 'in', 'not in'],
          ['"linux"', '"x86_64"', "'posix'"],
        ),
      )
      .map((parts) => parts.join(' '));
    const marker = fc
      .tuple(
        comparison,
        fc.constantFrom(' and ', ' or '),
        comparison,
        fc.constantFrom(' and ', ' or '),
        comparison,
        fc.boolean(),
      )
      .map(([a, first, b, second, c, grouped]) =>
        grouped ? `${a}${first}(${b}${second}${c})` : `${a}${first}${b}${second}${c}`,
      );
    const asked = sample(marker, 2000);
    const { holds } = askPip({ holds: asked, environment: ENVIRONMENT });
    const ours = asked.map((text) => {
      const parsed = parseMarker(text);
      return parsed === undefined ? null : markerHolds(parsed, ENVIRONMENT);
    });
    expect(
      asked.filter((_, at) => ours[at] !== holds[at]),
      `seed ${SEED}`,
    ).toEqual([]);
    expect(new Set(holds)).toEqual(new Set([true, false]));
  });
});
