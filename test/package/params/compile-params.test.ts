import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileParams, parseManifest, stepForm } from '../../../src/package/index.js';
import type { Problem, Step } from '../../../src/package/index.js';
import { LOOP_HOLD_MAX_MS, longestHoldDuring } from '../../support/longest-hold.js';
import { MANIFEST } from '../support/package-bytes.js';

function stepWith(...params: object[]): Step {
  const steps = [{ index: 1, name: 'locate', params }];
  const [step] = parseManifest(Buffer.from(JSON.stringify({ ...MANIFEST, steps }))).manifest.steps;
  if (step === undefined) throw new Error('the manifest has no step');
  return step;
}

const IMAGE = { width: 100, height: 50 };

/** What a single parameter `p` says to a value: nothing, or its code and problems. */
async function verdict(param: object, value: unknown, image?: typeof IMAGE) {
  const result = await compileParams(stepWith({ key: 'p', ...param }))({ p: value }, image);
  if (result.ok) return 'ok';
  const problems = result.fault.details?.['problems'] as readonly Problem[];
  return [result.fault.code, ...problems.map(({ pointer }) => pointer)];
}

describe('parameters of a step', () => {
  const step = stepWith(
    { key: 'threshold', type: 'float', default: 0.5, min: 0, max: 1 },
    { key: 'mode', type: 'enum', choices: ['fast', 'exact'], default: 'fast' },
    { key: 'note', type: 'string' },
  );
  const check = compileParams(step);

  it('get their defaults where nothing is given', () => {
    expect(check()).toMatchObject({ ok: true, params: { threshold: 0.5, mode: 'fast' } });
  });

  it('without given values are one frozen object, so that a call costs nothing', () => {
    const [first, second] = [check(), check({})];
    expect(first).toBe(second);
    expect(first).toMatchObject({ ok: true });
    expect(Object.isFrozen((first as { params: object }).params)).toBe(true);
  });

  it('keep what is given beside the defaults', () => {
    expect(check({ threshold: 0.9, note: 'x' })).toMatchObject({
      ok: true,
      params: { threshold: 0.9, mode: 'fast', note: 'x' },
    });
  });

  it('take undefined for "not given"', () => {
    expect(check({ threshold: undefined })).toMatchObject({ ok: true, params: { threshold: 0.5, mode: 'fast' } });
  });

  it('are refused as 1006 naming every problem', () => {
    const result = check({ threshold: 2, mode: 'slow', extra: 1 });
    expect(result).toMatchObject({
      ok: false,
      fault: {
        code: '1006',
        name: 'invalid_params',
        details: {
          problems: [
            { pointer: '/threshold', message: 'must be at most 1, not 2' },
            { pointer: '/mode', message: 'must be one of "fast", "exact", not "slow"' },
            { pointer: '/extra', message: 'is not known; this step takes threshold, mode, note' },
          ],
        },
      },
    });
  });

  it.each([[[]], ['x'], [null], [3]])('are refused when they are no object: %j', (given) => {
    expect(check(given)).toMatchObject({ ok: false, fault: { code: '1006' } });
  });

  it('do not fall for a key named __proto__', () => {
    expect(check(JSON.parse('{"__proto__": {"threshold": 9}}'))).toMatchObject({ ok: false, fault: { code: '1006' } });
  });

  it('are refused when a required one is missing, and accepted when it has a default', () => {
    const needing = compileParams(
      stepWith({ key: 'a', type: 'int', required: true }, { key: 'b', type: 'int', required: true, default: 1 }),
    );
    expect(needing()).toMatchObject({
      ok: false,
      fault: { details: { problems: [{ pointer: '/a', message: 'is required' }] } },
    });
    expect(needing({ a: 5 })).toMatchObject({ ok: true, params: { a: 5, b: 1 } });
  });
});

describe('a value is checked by its type:', () => {
  it.each<[object, unknown, string | string[]]>([
    [{ type: 'int' }, 3, 'ok'],
    [{ type: 'int' }, 3.5, ['1006', '/p']],
    [{ type: 'int' }, '3', ['1006', '/p']],
    [{ type: 'int' }, 2 ** 60, ['1006', '/p']],
    [{ type: 'int' }, null, ['1006', '/p']],
    [{ type: 'int', min: 1, max: 2 }, 0, ['1006', '/p']],
    [{ type: 'int', choices: [1, 3] }, 2, ['1006', '/p']],
    [{ type: 'float' }, 0.25, 'ok'],
    [{ type: 'float' }, NaN, ['1006', '/p']],
    [{ type: 'float' }, Infinity, ['1006', '/p']],
    [{ type: 'bool' }, true, 'ok'],
    [{ type: 'bool' }, 1, ['1006', '/p']],
    [{ type: 'enum', choices: [1, 'a'] }, 1, 'ok'],
    [{ type: 'enum', choices: [1, 'a'] }, '1', ['1006', '/p']],
    [{ type: 'string' }, 'x', 'ok'],
    [{ type: 'string' }, 'x'.repeat(1001), ['1006', '/p']],
    [{ type: 'string', max_length: 2 }, '😀😀', 'ok'],
    [{ type: 'string', max_length: 2 }, '😀😀😀', ['1006', '/p']],
    [{ type: 'string', min_length: 2 }, '😀', ['1006', '/p']],
    [{ type: 'string', pattern: '^[A-Z]+$' }, 'ABC', 'ok'],
    [{ type: 'string', pattern: '^[A-Z]+$' }, 'abc', ['1006', '/p']],
    [{ type: 'string', pattern: '[\\w-.]' }, 'a', 'ok'],
    [{ type: 'rect' }, { x: 0, y: 0, width: 100, height: 50 }, 'ok'],
    [{ type: 'rect' }, '0, 0, 100, 50', 'ok'],
    [{ type: 'rect' }, '0,0,100', ['1006', '/p']],
    [{ type: 'rect' }, '0,0,,5', ['1006', '/p']],
    [{ type: 'rect' }, { x: 0, y: 0, width: 100 }, ['1006', '/p']],
    [{ type: 'rect' }, { x: 0, y: 0, width: 0, height: 5 }, ['1006', '/p']],
    [{ type: 'rect' }, { x: 0, y: 0, width: 101, height: 50 }, ['1007', '/p']],
    [{ type: 'rect' }, '-1,0,10,10', ['1007', '/p']],
    [{ type: 'array', item_type: 'int', max: 5 }, [1, 5], 'ok'],
    [{ type: 'array', item_type: 'int', max: 5 }, [1, 6, 7], ['1006', '/p/1', '/p/2']],
    [{ type: 'array', item_type: 'int', min_length: 1 }, [], ['1006', '/p']],
    [{ type: 'array', item_type: 'int', max_length: 1 }, [1, 2], ['1006', '/p']],
    [{ type: 'array', item_type: 'int' }, { 0: 1 }, ['1006', '/p']],
    [{ type: 'array', item_type: 'rect' }, ['0,0,5,5', '90,0,20,5'], ['1007', '/p/1']],
    [{ type: 'json' }, { any: ['thing', null] }, 'ok'],
    [{ type: 'json' }, { f: () => 1 }, ['1006', '/p']],
    [{ type: 'json', schema: { type: 'object', required: ['a'] } }, { a: 1 }, 'ok'],
    [{ type: 'json', schema: { properties: { a: { type: 'integer' } } } }, { a: 'x' }, ['1006', '/p/a']],
    [
      { type: 'json', schema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'array' } },
      {},
      ['1006', '/p'],
    ],
  ])('%j given %j: %j', async (param, value, expected) => {
    expect(await verdict(param, value, IMAGE)).toEqual(expected);
  });

  it('a rectangle without an image to compare with only must not be negative', async () => {
    expect(await verdict({ type: 'rect' }, '5000,0,10,10')).toBe('ok');
    expect(await verdict({ type: 'rect' }, '0,-1,10,10')).toEqual(['1007', '/p']);
  });

  it('a default rectangle too must lie inside the image of the call', () => {
    const check = compileParams(stepWith({ key: 'roi', type: 'rect', default: '0,0,640,480' }));
    expect(check({}, { width: 640, height: 480 })).toMatchObject({ ok: true });
    expect(check({}, IMAGE)).toMatchObject({ ok: false, fault: { code: '1007' } });
  });

  it('a value that loops back to itself', async () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(await verdict({ type: 'json' }, loop)).toEqual(['1006', '/p']);
  });
});

describe('two patterns of one JSON Schema', () => {
  it('are told apart', async () => {
    const schema = { properties: { a: { pattern: '^a+b*$' }, b: { pattern: '^b+c*$' } } };
    expect(await verdict({ type: 'json', schema }, { a: 'aab', b: 'bbc' })).toBe('ok');
    expect(await verdict({ type: 'json', schema }, { a: 'aab', b: 'aab' })).toEqual(['1006', '/p/b']);
  });
});

describe('a pattern that explodes does not take the host with it:', () => {
  const HOSTILE = `${'a'.repeat(60)}!`;

  it.each([
    ['of a string', { type: 'string', pattern: '^(a+)+$' }, HOSTILE],
    ['with a back reference', { type: 'string', pattern: '(a+)\\1$' }, HOSTILE],
    ['inside a JSON Schema', { type: 'json', schema: { pattern: '^(a+)+$' } }, HOSTILE],
  ])('%s', async (_, param, value) => {
    const { value: told, longestMs } = await longestHoldDuring(() => verdict(param, value));
    expect(told).toEqual(['1006', '/p']);
    expect(longestMs).toBeLessThan(LOOP_HOLD_MAX_MS);
  });
});

describe('the form of a step', () => {
  const params = [
    { key: 'threshold', type: 'float', default: 0.5, min: 0, max: 1, unit: '%', description: 'How sure' },
    { key: 'count', type: 'int', required: true, choices: [1, 2] },
    { key: 'roi', type: 'rect', unit: 'px', default: '0,0,10,10' },
    { key: 'names', type: 'array', item_type: 'string', max_length: 3 },
    { key: 'free', type: 'json', schema: { type: 'object' } },
  ];
  const { manifest } = parseManifest(
    Buffer.from(JSON.stringify({ ...MANIFEST, steps: [{ index: 2, name: 'check', params }] })),
  );
  const form = stepForm(manifest, 2);

  it('has JSON Schema, defaults and units', () => {
    expect(form).toMatchObject({
      index: 2,
      name: 'check',
      defaults: { threshold: 0.5, roi: '0,0,10,10' },
      units: { threshold: '%', roi: 'px' },
      schema: {
        type: 'object',
        required: ['count'],
        additionalProperties: false,
        properties: {
          threshold: {
            title: 'threshold',
            description: 'How sure',
            type: 'number',
            minimum: 0,
            maximum: 1,
            default: 0.5,
          },
          count: { type: 'integer', enum: [1, 2] },
          names: { type: 'array', items: { type: 'string', maxLength: 1000 }, maxItems: 3 },
          free: { type: 'object' },
        },
      },
    });
    expect(Object.keys(form.schema['properties'] as object)).toEqual(['threshold', 'count', 'roi', 'names', 'free']);
  });

  it('of a step that is not there is refused, naming those that are', () => {
    expect(() => stepForm(manifest, 7)).toThrow('no step 7; its steps are 2');
  });
});

describe('checking parameters', () => {
  it('never throws, whatever a host gives', async () => {
    const check = compileParams(
      stepWith(
        { key: 'a', type: 'int' },
        { key: 'b', type: 'rect' },
        { key: 'c', type: 'array', item_type: 'rect' },
        { key: 'd', type: 'json' },
        { key: 'e', type: 'string', pattern: '^(x+)+$' },
      ),
    );
    const given = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom(...'abcde'), fc.anything({ withBigInt: true, withNullPrototype: true })),
    );
    await fc.assert(
      fc.asyncProperty(given, async (value) => {
        expect(typeof (await check(value, IMAGE)).ok).toBe('boolean');
      }),
    );
  });
});
