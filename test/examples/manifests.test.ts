import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PARAM_TYPES } from '../../src/package/manifest/manifest.js';
import { type ParsedManifest, parseManifest } from '../../src/package/manifest/parse-manifest.js';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');
const names = ['screw-check', 'surface-defects'];

function read(name: string): ParsedManifest {
  return parseManifest(readFileSync(join(EXAMPLES, name, 'manifest.json')));
}

describe('the manifests of the examples', () => {
  it.each(names)('%s is valid and gives no cause for a warning', (name) => {
    const { manifest, warnings } = read(name);
    expect(manifest).toMatchObject({ name, version: '1.0.0' });
    expect(warnings).toEqual([]);
  });

  it('show every type of parameter', () => {
    const params = names.flatMap((name) => read(name).manifest.steps.flatMap((step) => step.params));
    expect([...new Set(params.map(({ type }) => type))].toSorted()).toEqual(PARAM_TYPES.toSorted());
  });
});
