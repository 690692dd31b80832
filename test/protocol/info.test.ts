import { describe, expect, test } from 'vitest';
import { compareInfo } from '../../src/protocol/index.js';
import type { Declared } from '../../src/protocol/index.js';

const DECLARED: Declared = {
  name: 'screw-check',
  version: '1.2.0',
  supportedPids: ['A01', 'A02'],
  steps: [
    { index: 1, name: 'locate' },
    { index: 2, name: 'judge' },
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
