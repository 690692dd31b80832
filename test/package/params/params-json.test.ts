import { expect, test } from 'vitest';
import { compileParams } from '../../../src/package/index.js';
import type { Param, Step } from '../../../src/package/index.js';

const param = (key: string, fields: object): Param => ({ key, required: false, ...fields }) as Param;
const STEP = {
  index: 1,
  name: 'look',
  params: [
    param('gain', { type: 'float', default: 2 }),
    param('count', { type: 'int', default: 3 }),
    param('weights', { type: 'array', item: { type: 'float' }, default: [1, 0.5] }),
    param('zoom', { type: 'enum', choices: [0.5, 1, 2], default: 1 }),
    param('mode', { type: 'enum', choices: [1, 2, 'auto'], default: 2 }),
    param('free', { type: 'json' }),
  ],
} as unknown as Step;

const jsonOf = async (given?: object): Promise<string> => {
  const checked = await compileParams(STEP)(given);
  if (!checked.ok) throw new Error(checked.fault.message);
  return checked.json;
};

test('a float is written as one, given or by default, whole or not', async () => {
  expect(await jsonOf()).toBe('{"gain":2.0,"count":3,"weights":[1.0,0.5],"zoom":1.0,"mode":2}');
  expect(await jsonOf({ gain: 2 ** 60, weights: [3, -0, 1e21], zoom: 2 })).toBe(
    '{"gain":1152921504606847000.0,"count":3,"weights":[3.0,-0.0,1e+21],"zoom":2.0,"mode":2}',
  );
});

test('what is written is what was checked', async () => {
  const given = { gain: -0, free: { a: [1, 'é', null, { '10': true }] } };
  expect(JSON.parse(await jsonOf(given))).toEqual({ ...(JSON.parse(await jsonOf()) as object), ...given });
});

test('an integer beyond 2^53 inside free JSON is refused: it was rounded before it came', async () => {
  const checked = await compileParams(STEP)({ free: { serial: 2 ** 53 } });
  expect(checked).toMatchObject({ ok: false, fault: { code: '1006' } });
  if (!checked.ok) expect(checked.fault.message).toContain('beyond 2^53');
  expect(await compileParams(STEP)({ free: { wide: 1e300 } })).toMatchObject({ ok: true });
});
