import { describe, expect, it } from 'vitest';
import { readUntrustedManifest } from '../../../src/package/index.js';
import { MANIFEST } from '../support/package-bytes.js';
import { refused } from '../support/refused.js';

const bytesWith = (change: object): Buffer => Buffer.from(JSON.stringify({ ...MANIFEST, ...change }));

describe('the manifest of a deployment', () => {
  it.each(['known', 'unknown'] as const)('may have a PID that a new package may not have, %s', async (deployed) => {
    const bytes = bytesWith({ supported_pids: ['.A01', 'com¹'] });
    await refused(() => readUntrustedManifest(bytes), 'manifest_missing');
    const { manifest } = await readUntrustedManifest(bytes, { deployed });
    expect(manifest.supportedPids).toEqual(['.A01', 'com¹']);
  });

  const unlike = { key: 's', type: 'string', pattern: '^(?!b)a', default: 'ba' };
  const bytes = bytesWith({ steps: [{ index: 1, name: 'look', params: [unlike] }] });

  it('is not checked again when its bytes were accepted before', async () => {
    const { manifest } = await readUntrustedManifest(bytes, { deployed: 'known' });
    expect(manifest.steps[0]?.params[0]).toMatchObject(unlike);
  });

  it('is checked when nobody can say that they were', () =>
    refused(() => readUntrustedManifest(bytes, { deployed: 'unknown' }), 'manifest_missing'));
});
