import { beforeAll, describe, expect, it } from 'vitest';
import { compileParams, parseManifest, readUntrustedManifest } from '../../../src/package/index.js';
import type { ParamsResult, Problem, Step } from '../../../src/package/index.js';
import { LOOP_HOLD_MAX_MS, longestHoldDuring } from '../../support/longest-hold.js';
import { MANIFEST } from '../support/package-bytes.js';
import { refused } from '../support/refused.js';

const bytesWith = (...params: object[]): Buffer =>
  Buffer.from(JSON.stringify({ ...MANIFEST, steps: [{ index: 1, name: 'look', params }] }));
const json = (schema: unknown, more: object = {}) => ({ key: 'j', type: 'json', schema, ...more });
const text = (pattern: string, more: object = {}) => ({ key: 's', type: 'string', pattern, ...more });
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** `d0` checks a value with `d1` twice, that with `d2` twice, and so on. */
const doubling = (levels: number): object => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    many(levels, (i) => {
      const next = { $ref: `#/$defs/d${i + 1}` };
      return [`d${i}`, i === levels - 1 ? { type: 'integer' } : { allOf: [next, next] }];
    }),
  ),
});

// The first thread of a process loads code, whatever the manifest says.
beforeAll(() => readUntrustedManifest(bytesWith()));

describe('a hostile manifest is 2002 with its place, and holds nobody up:', () => {
  it.each<[string, object, string]>([
    ['$async', json({ $async: true, type: 'string' }, { default: 5 }), '/schema/$async'],
    ['$async in a property', json({ properties: { a: { $async: true } } }), '/schema/properties/a/$async'],
    ['$async in $defs', json({ $defs: { a: { $async: true } } }), '/schema/$defs/a/$async'],
    ['$async behind if', json({ if: { type: 'string' }, then: { $async: true } }), '/schema/then/$async'],
    ['$async of items', json({ items: { $async: 1 } }), '/schema/items/$async'],
    [
      '$async of dependentSchemas',
      json({ dependentSchemas: { a: { $async: true } } }),
      '/schema/dependentSchemas/a/$async',
    ],
    ['$async where only a reference leads', json({ $ref: '#/x/y', x: { y: { $async: true } } }), '/schema/x/y/$async'],
    ['a schema that is itself', json({ $ref: '#' }), '/schema'],
    ['a schema within itself', json({ allOf: [{ $ref: '#' }] }), '/schema/allOf/0'],
    ['a loop by name', json({ $dynamicAnchor: 'x', allOf: [{ $dynamicRef: '#x' }] }), '/schema/allOf/0'],
    ['a loop that few values take', json({ if: { const: 7 }, then: { $ref: '#' } }), '/schema/then'],
    ['references that double', json(doubling(26)), '/schema'],
    ['a reference to elsewhere', json({ $ref: 'http://127.0.0.1:1/x' }), '/schema/$ref'],
    ['the name of the standard', json({ $id: 'https://json-schema.org/draft/2020-12/schema' }), '/schema/$id'],
    ['eight thousand ways', json({ anyOf: many(8000, (i) => ({ const: i, title: `${i}` })) }), '/schema'],
    ['15,000 properties', json({ properties: Object.fromEntries(many(15_000, (i) => [`p${i}`, {}])) }), '/schema'],
    ['a schema that is none', json({ type: 'nonsense' }), '/schema'],
    ['a pattern inside that is none', json({ properties: { a: { pattern: '(' } } }), '/schema'],
    [
      'a default unlike its schema',
      json({ $ref: '#/$defs/a', $defs: { a: { type: 'array' } } }, { default: {} }),
      '/default',
    ],
    ['a default unlike a pattern with look-ahead', text('^(?!b)a', { default: 'ba' }), '/default'],
    ['a default that explodes', text('^(a|a)*$', { default: `${'a'.repeat(60)}b` }), '/default'],
    ['a pattern that is none', text('('), '/pattern'],
  ])('%s', async (_, param, place) => {
    const look = () => refused(() => readUntrustedManifest(bytesWith(param)), 'manifest_missing');
    const { value: error, longestMs } = await longestHoldDuring(look);
    const [problem] = error.details['problems'] as readonly Problem[];
    expect(problem?.pointer).toBe(`/steps/0/params/0${place}`);
    expect(longestMs).toBeLessThan(LOOP_HOLD_MAX_MS);
  });

  it('a default that nobody can tell in time, named with the parameter it belongs to', async () => {
    const param = text('^(a+)+\\1?$', { default: `${'a'.repeat(60)}b` });
    const look = () =>
      refused(() => readUntrustedManifest(bytesWith({ key: 'k', type: 'int' }, param)), 'manifest_missing');
    const { value: error, longestMs } = await longestHoldDuring(look);
    expect(error.message).toContain('/steps/0/params/1 took too long');
    expect(error.details).toMatchObject({ budget: 'time', problems: [{ pointer: '/steps/0/params/1' }] });
    expect(longestMs).toBeLessThan(LOOP_HOLD_MAX_MS);
  });

  it.each([
    ['9,000 parameters', many(9000, (i) => ({ key: `k${i}`, type: 'int', default: 1 }))],
    ['a property called $async', [json({ properties: { $async: { type: 'string' } } }, { default: { $async: 'a' } })]],
    [
      'a schema that goes deeper into the value',
      [json({ $ref: '#/$defs/n', $defs: { n: { items: { $ref: '#/$defs/n' } } } })],
    ],
    [
      'references by name',
      [json({ $ref: '#leaf', $defs: { a: { $anchor: 'leaf', type: 'integer' } } }, { default: 1 })],
    ],
    ['look-around and back-references', [text('^(?=a)(.)\\1$', { default: 'aa' })]],
    ['a million repetitions', [text('a{1000000}')]],
  ])('but %s are no harm', async (_, params) => {
    const { value, longestMs } = await longestHoldDuring(() => readUntrustedManifest(bytesWith(...params)));
    expect(value.manifest.steps[0]?.params).toHaveLength(params.length);
    expect(longestMs).toBeLessThan(LOOP_HOLD_MAX_MS);
  });

  it('a reader without a thread refuses it too, as far as that takes no time', async () => {
    await refused(
      () => parseManifest(bytesWith(json({ $async: true, type: 'string' }, { default: 5 }))),
      'manifest_missing',
    );
    await refused(() => parseManifest(bytesWith(json({ type: 'string' }, { default: 5 }))), 'manifest_missing');
  });
});

describe('a hostile value of a call is 1006, and holds nobody up:', () => {
  const stepWith = (...params: object[]): Step => parseManifest(bytesWith(...params)).manifest.steps[0] as Step;
  const check = async (param: object, value: unknown): Promise<ParamsResult> =>
    compileParams(stepWith(param), 'test')({ [(param as { key: string }).key]: value });
  const deep = (levels: number): unknown => {
    let value: unknown = [];
    for (let i = 0; i < levels; i += 1) value = [value];
    return value;
  };
  const circle: Record<string, unknown> = {};
  circle['again'] = circle;
  const trap = new Proxy({}, { ownKeys: () => { throw new Error('no'); } }); // prettier-ignore
  const getter = { get x() { throw new Error('no'); } }; // prettier-ignore
  const free = json(true);

  it.each<[string, object, unknown]>([
    ['nested 100,000 deep', free, deep(100_000)],
    ['a circle', free, circle],
    ['a circle of many ways', free, many(50, () => circle)],
    ['a getter that throws', free, getter],
    ['a proxy that throws', free, trap],
    ['a big integer', free, { n: 1n }],
    ['toJSON', free, { toJSON: () => 1 }],
    ['a date', free, new Date(0)],
    ['an array with holes', free, Array(3)],
    ['an array of a billion holes', free, Array(1_000_000_000)],
    ['a million numbers', { key: 'a', type: 'array', item_type: 'int' }, many(1_000_000, (i) => i)],
    ['a rectangle that throws', { key: 'r', type: 'rect' }, trap],
    ['12,000 unique items', json({ uniqueItems: true }), many(12_000, (i) => ({ i }))],
    ['a text that explodes', text('^(a+)+\\1?$'), `${'a'.repeat(60)}b`],
    [
      'one that explodes in a schema',
      json({ properties: { a: { pattern: '^(?=a)(a|a)*$' } } }),
      { a: `${'a'.repeat(60)}b` },
    ],
  ])('%s', async (_, param, value) => {
    const { value: result, longestMs } = await longestHoldDuring(() => check(param, value));
    expect(result).toMatchObject({ ok: false, fault: { code: '1006' } });
    expect((result as { fault: { message: string } }).fault.message.length).toBeLessThan(2_000);
    expect(longestMs).toBeLessThan(LOOP_HOLD_MAX_MS);
  });

  it('what is checked is what travels, whatever a getter says the next time', async () => {
    let looks = 0;
    const sly = { get n() { return (looks += 1); } }; // prettier-ignore
    expect(await check(json({ properties: { n: { const: 1 } } }), sly)).toMatchObject({
      ok: true,
      params: { j: { n: 1 } },
    });
  });

  it('inherited names are no values of a schema', async () => {
    expect(await check(json({ required: ['constructor'] }), {})).toMatchObject({ ok: false });
    expect(await check(json({ properties: { toString: { type: 'string' } } }), {})).toMatchObject({ ok: true });
  });
});
