import { describe, expect, test } from 'vitest';
import { compareInfo } from '../../../src/package/index.js';
import type { Declared } from '../../../src/package/index.js';

const DECLARED: Declared = {
  name: 'screw-check',
  version: '1.2.0',
  supportedPids: ['A01', 'A02'],
  steps: [
    { index: 1, name: 'locate', params: [] },
    {
      index: 2,
      name: 'judge',
      params: [
        { key: 'gain', type: 'float', default: 2 },
        { key: 'area', type: 'rect', default: '1,2,3,4' },
        { key: 'sizes', type: 'array', itemType: 'int', default: [1, 2] },
        { key: 'label', type: 'string' },
        { key: 'more', type: 'json', default: { a: [1, { b: null }], c: 'x' } },
      ],
    },
  ],
};
const INFO = {
  name: 'screw-check',
  version: '1.2.0',
  supported_pids: ['A01', 'A02'],
  steps: [
    { index: 1, name: 'locate' },
    { index: 2, name: 'judge' },
  ],
};
const differences = (changes: object) => compareInfo({ ...INFO, ...changes }, DECLARED);

describe('get_info() agrees with the manifest (contract §3.2)', () => {
  test('when it says the same', () => {
    expect(compareInfo(INFO, DECLARED)).toEqual([]);
  });

  test('in whatever order it lists the PIDs', () => {
    expect(differences({ supported_pids: ['A02', 'A01'] })).toEqual([]);
  });

  test('when its steps have no names: the indexes decide', () => {
    expect(differences({ steps: [{ index: 1 }, { index: 2 }] })).toEqual([]);
  });

  test('whatever else it says', () => {
    expect(differences({ description: 'x', steps: INFO.steps.map((step) => ({ ...step, params: [] })) })).toEqual([]);
  });
});

/** get_info() with these parameters of its second step. */
const withParams = (...params: unknown[]): readonly string[] =>
  differences({ steps: [INFO.steps[0], { index: 2, name: 'judge', params }] });

describe('parameters that get_info() tells of are compared with the manifest', () => {
  test.each<[string, unknown]>([
    ['the same type and default', { key: 'gain', type: 'float', default: 2.0 }],
    ['nothing but a key', { key: 'gain' }],
    ['a rectangle written otherwise', { key: 'area', type: 'rect', default: { x: 1, y: 2, width: 3, height: 4 } }],
    ['a list', { key: 'sizes', type: 'array', item_type: 'int', default: [1, 2] }],
    ['a default of none', { key: 'label', type: 'string', default: null }],
    ['an object in another order', { key: 'more', type: 'json', default: { c: 'x', a: [1, { b: null }] } }],
    ['more than the manifest compares', { key: 'gain', min: 0, max: 9, unit: 'dB', description: 'amplifies' }],
    ['what is no parameter', 'gain'],
  ])('%s agrees', (_what, param) => {
    expect(withParams(param)).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['another type', { key: 'gain', type: 'int' }, 'parameter "gain": type is "int", the manifest says "float"'],
    ['another default', { key: 'gain', default: 2.5 }, 'parameter "gain": default is 2.5, the manifest says 2'],
    ['a text for a number', { key: 'gain', default: '2' }, 'parameter "gain": default is "2", the manifest says 2'],
    ['no default', { key: 'gain', default: null }, 'parameter "gain": default is none, the manifest says 2'],
    [
      'a default of its own',
      { key: 'label', default: 'x' },
      'parameter "label": default is "x", the manifest says none',
    ],
    [
      'other items',
      { key: 'sizes', item_type: 'float' },
      'parameter "sizes": item_type is "float", the manifest says "int"',
    ],
    [
      'a list in another order',
      { key: 'sizes', default: [2, 1] },
      'parameter "sizes": default is [2,1], the manifest says [1,2]',
    ],
    [
      'one more member',
      { key: 'more', default: { a: [1, { b: null }], c: 'x', d: 1 } },
      'parameter "more": default is {"a":[1,{"b":null}],"c":"x","d":1}, the manifest says {"a":[1,{"b":null}],"c":"x"}',
    ],
    ['another name', { key: 'amplification', type: 'float' }, 'parameter "amplification" is not in the manifest'],
  ])('%s is named with its step, its key and both values', (_what, param, difference) => {
    expect(withParams(param)).toEqual([`step 2 judge, ${difference}`]);
  });

  test('under the older name of params, too', () => {
    const steps = [INFO.steps[0], { index: 2, parameters: [{ key: 'gain', type: 'int', default: 3 }] }];
    expect(differences({ steps })).toHaveLength(2);
  });

  test('a manifest without steps is held against nothing but the rest', () => {
    const declared = { ...DECLARED, steps: null };
    expect(compareInfo({ ...INFO, steps: [{ index: 7 }] }, declared)).toEqual([]);
    expect(compareInfo({ ...INFO, version: '2' }, declared)).toHaveLength(1);
  });
});

describe('every difference is named, with both sides', () => {
  test.each([
    ['name', { name: 'screw' }, 'name', '"screw"', '"screw-check"'],
    ['version', { version: '1.2.1' }, 'version', '"1.2.1"', '"1.2.0"'],
    ['a missing version', { version: undefined }, 'version', 'missing', '"1.2.0"'],
    ['a missing PID', { supported_pids: ['A01'] }, 'supported_pids', '["A01"]', '"A02"'],
    ['a PID too many', { supported_pids: ['A01', 'A02', 'A03'] }, 'supported_pids', '"A03"', '"A02"'],
    ['PIDs twice', { supported_pids: ['A01', 'A01'] }, 'supported_pids', '["A01","A01"]', '"A02"'],
    ['PIDs that are no list', { supported_pids: 'A01,A02' }, 'supported_pids', '"A01,A02"', '"A02"'],
    ['a missing step', { steps: [{ index: 1, name: 'locate' }] }, 'steps', '["1 locate"]', '2 judge'],
    ['another step name', { steps: [{ index: 1, name: 'find' }, INFO.steps[1]] }, 'steps', '1 find', '1 locate'],
    ['another step index', { steps: [{ index: 0, name: 'locate' }, INFO.steps[1]] }, 'steps', '0 locate', '1 locate'],
    ['steps in another order', { steps: [...INFO.steps].reverse() }, 'steps', '2 judge', '1 locate'],
    ['steps that are no list', { steps: {} }, 'steps', '[]', '1 locate'],
  ])('%s', (_what, changes, field, given, wanted) => {
    const [difference = '', ...more] = differences(changes);
    expect(more).toEqual([]);
    expect(difference).toContain(field);
    expect(difference).toContain(given);
    expect(difference).toContain(wanted);
  });

  test('all at once', () => {
    expect(compareInfo({}, DECLARED)).toHaveLength(4);
  });

  test.each([[null], [undefined], ['info'], [[INFO]]])('%j is no info at all', (info) => {
    expect(compareInfo(info, DECLARED)).toEqual(['get_info() is not an object']);
  });

  test('an info made to break the one who reads it is a difference like any other', () => {
    const deep: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
    expect(differences({ name: deep })).toHaveLength(1);
    expect(differences({ supported_pids: deep })).toHaveLength(1);
    expect(differences({ steps: [{ index: deep }] })).toHaveLength(1);
    const [long = ''] = differences({ name: 'x'.repeat(1_000_000) });
    expect(long.length).toBeLessThan(2000);
  });
});
