import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/images/index.js';
import type { BitDepth } from '../../src/images/index.js';
import { refusalOf } from './support/refusal.js';

/** A grey PNG or TIFF of 16 bits with these samples in one row. */
const sixteen = (samples: readonly number[], format: 'png' | 'tiff' = 'png', channels: 1 | 3 = 1): Promise<Buffer> =>
  sharp(Uint16Array.from(samples), { raw: { width: samples.length / channels, height: 1, channels } })
    .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
    .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : {})
    .toBuffer();

const told = async (samples: readonly number[], bitDepth?: BitDepth) => {
  const { warnings = [] } = await decodeImage(await sixteen(samples), bitDepth === undefined ? {} : { bitDepth });
  return warnings;
};

describe('samples of 16 bits', () => {
  it.each(['png', 'tiff'] as const)('are scaled by v × 255 / (2^bitDepth − 1), rounded, from a %s', async (format) => {
    const samples = [0, 128, 129, 0x1234, 32_768, 65_535];
    const image = await decodeImage(await sixteen(samples, format));
    expect(image.channels).toBe(1);
    expect([...image.data]).toEqual(samples.map((v) => Math.round((v * 255) / 65_535)));
  });

  it('keep their colours', async () => {
    const image = await decodeImage(await sixteen([65_535, 0, 25_700, 257, 514, 771], 'tiff', 3));
    expect(image.channels).toBe(3);
    expect([...image.data]).toEqual([255, 0, 100, 1, 2, 3]);
  });

  it.each([10, 12, 14] as const)('use the whole range when the camera has %i bits and says so', async (bitDepth) => {
    const greatest = 2 ** bitDepth - 1;
    const image = await decodeImage(await sixteen([0, (greatest + 1) / 2, greatest]), { bitDepth });
    expect([...image.data]).toEqual([0, 128, 255]);
    expect(image.warnings).toBeUndefined();
  });

  it('draw a warning that names bit_depth when they use a sixteenth of their range or less', async () => {
    expect(await told([0, 4095])).toEqual([
      expect.objectContaining({
        name: 'image_doubtful',
        message: expect.stringMatching(/sixteenth.*4095 of 65535.*bit_depth/s) as string,
        details: { bit_depth: 16, brightest: 4095, greatest: 65_535 },
      }),
    ]);
    expect(await told([0, 4200])).toEqual([]);
    expect(await told([0, 200], 12)).toHaveLength(1);
  });

  it('draw a warning when they are beyond the bit depth that was told, and count as white', async () => {
    expect(await told([0, 5000], 12)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('beyond the 4095') as string }),
    ]);
    const { data } = await decodeImage(await sixteen([0, 5000]), { bitDepth: 12 });
    expect([...data]).toEqual([0, 255]);
  });

  it('have 10, 12, 14 or 16 significant bits, nothing else', async () => {
    const bitDepth = 11 as BitDepth;
    expect(await refusalOf(decodeImage(await sixteen([1]), { bitDepth }))).toMatchObject({ code: '3022' });
  });
});
