import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { manifestJsonSchema } from '../../../src/package/index.js';
import { MANIFEST } from '../support/package-bytes.js';

const schema = manifestJsonSchema();
const validate = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true }).compile(schema);

describe('the JSON Schema of a manifest', () => {
  it('is draft 2020-12, with a title, for authors: what has a default is not required', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'ProcVision algorithm manifest',
      type: 'object',
      required: ['name', 'version', 'entry_point', 'supported_pids'],
    });
  });

  it('accepts what the parser accepts', () => {
    const steps = [
      {
        index: 1,
        name: 'locate',
        params: [
          { key: 'a', type: 'int', min: 1 },
          { key: 'b', type: 'rect', default: { x: 0, y: 0, width: 1, height: 1 } },
          { key: 'c', type: 'array', item_type: 'string' },
          { key: 'd', type: 'json' },
        ],
      },
    ];
    expect([validate({ ...MANIFEST, $schema: './manifest.schema.json', steps }), validate.errors]).toEqual([
      true,
      null,
    ]);
  });

  it.each([
    ['a missing name', { ...MANIFEST, name: undefined }],
    ['an unknown type', { ...MANIFEST, steps: [{ index: 1, name: 'a', params: [{ key: 'k', type: 'integer' }] }] }],
    ['a misspelt key, which an editor should underline', { ...MANIFEST, suported_pids: [] }],
  ])('refuses %s', (_, document) => {
    expect(validate(JSON.parse(JSON.stringify(document)))).toBe(false);
  });
});
