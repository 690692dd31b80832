import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePng, ImageDecoder, probeImage } from '../../src/images/index.js';
import { loadImage } from '../../src/runner/images/image-input.js';
import type { ImageInput } from '../../src/runner/images/image-input.js';
import { scratchFolder } from './support/folders.js';
import { testImage } from './support/images.js';
import { refusalOf } from './support/refusal.js';

let bytes: Uint8Array;

beforeAll(async () => {
  bytes = await encodePng(testImage(20, 10));
});

function written(): string {
  const path = join(scratchFolder(), 'a.png');
  writeFileSync(path, bytes);
  return path;
}

const forms: readonly [string, () => ImageInput][] = [
  ['a file', written],
  ["a file's bytes", () => bytes],
  ['bytes whose format and size are said', () => ({ bytes, ...probeImage(bytes) })],
];

describe.each(forms)('%s to be passed through', (_, input) => {
  const loading = (limits: ConstructorParameters<typeof ImageDecoder>[0]) =>
    loadImage(input(), { passThrough: true }, { decoder: new ImageDecoder(limits), takeFile: () => null });

  it('goes as it is when it is within the limits', async () => {
    const image = await loading({ pixelsMax: 200, sideMax: 20, fileBytesMax: bytes.length });
    expect(image).toEqual({ format: 'png', width: 20, height: 10, bytes: Buffer.from(bytes) });
  });

  it.each([
    ['pixelsMax', 199],
    ['sideMax', 19],
    ['fileBytesMax', 40],
  ] as const)('is refused as 1002 beyond images.%s, as decoding would', async (setting, limit) => {
    expect(await refusalOf(loading({ [setting]: limit }))).toMatchObject({
      code: '1002',
      details: { setting: `images.${setting}`, limit },
    });
  });
});

it('bytes beyond images.fileBytesMax are not decoded either', async () => {
  const refused = await refusalOf(new ImageDecoder({ fileBytesMax: 40 }).decodeBytes(bytes));
  expect(refused).toMatchObject({ code: '1002', details: { setting: 'images.fileBytesMax' } });
});
