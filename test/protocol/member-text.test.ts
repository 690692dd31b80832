import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memberText } from '../../src/protocol/index.js';

const seed = Number(process.env['PROCVISION_SEED'] ?? 20_261_130);

const textOf = (json: string, name = 'state'): string | null => memberText(Buffer.from(json), name);

describe('the text of one member of a frame', () => {
  test('stands as it was written', () => {
    const state = '{"n": 12345678901234567890, "f": 2.0, "z": -0.0, "10": 1, "9": 2}';
    expect(textOf(`{"type":"result","data":{"state":1},"state":${state},"more":[]}`)).toBe(state);
  });

  test('may be the last one, any value, and surrounded by blanks', () => {
    expect(textOf('{ "state" : 1.50 }')).toBe('1.50');
    expect(textOf('{"state":"a,}\\"]"}')).toBe('"a,}\\"]"');
    expect(textOf('{"state":null}')).toBe('null');
  });

  test('is found under a name with escapes, and the last of several counts', () => {
    expect(textOf('{"st\\u0061te":1,"state":2}')).toBe('2');
    expect(textOf('{"state":2,"st\\u0061te":1}')).toBe('1');
  });

  test('is null where there is no such member at the top', () => {
    expect(textOf('{"data":{"state":1},"other":"state"}')).toBeNull();
    expect(textOf('{}')).toBeNull();
  });

  test('of whatever frame', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.json()), fc.json(), (others, state) => {
        const members = Object.entries(others)
          .filter(([name]) => name !== 'state')
          .map(([name, json]) => `${JSON.stringify(name)}:${json}`);
        members.splice(members.length >> 1, 0, `"state":${state}`);
        expect(textOf(`{${members.join(', ')}}`)).toBe(state.trim());
      }),
      { seed },
    );
  });
});
