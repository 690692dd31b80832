import { compileParams, parseManifest, stepForm } from '../../../../src/package/index.js';
import { MANIFEST } from '../../../package/support/package-bytes.js';
import { mutated, mutatedJson } from '../mutate.js';
import { refusable } from '../target.js';
import type { Target } from '../target.js';

const PARAMS = [
  { key: 'a', type: 'int', default: 1, min: 0, max: 9, unit: 'mm' },
  { key: 'b', type: 'float', default: 1.5 },
  { key: 'c', type: 'string', default: 'x', pattern: '^[a-z]+$', max_length: 9 },
  { key: 'd', type: 'enum', choices: ['x', 'y'], default: 'x' },
  { key: 'e', type: 'rect', default: '0,0,1,1' },
  { key: 'f', type: 'array', item_type: 'int', default: [1] },
  { key: 'g', type: 'json', schema: { type: 'object', properties: { a: { type: 'string', pattern: 'a*' } } } },
  { key: 'h', type: 'bool', default: true },
];
const SOUND = { ...MANIFEST, steps: [{ index: 1, name: 'look', params: PARAMS }] };
const GIVEN = { a: 1, b: 2, c: 'abc', d: 'y', e: [0, 0, 1, 1], f: [1], g: { a: 'a' }, h: true };

export const manifests: Target = {
  async attempt(chance) {
    const json = Buffer.from(JSON.stringify(mutatedJson(SOUND, chance)));
    const bytes = chance.isOneIn(3) ? mutated(json, chance) : json;
    const given = mutatedJson(GIVEN, chance);
    await refusable(async () => {
      const { manifest } = parseManifest(bytes);
      for (const step of manifest.steps) {
        stepForm(manifest, step.index);
        if (typeof given === 'object' && given !== null) await compileParams(step)(given, { width: 10, height: 10 });
      }
    });
  },
};
