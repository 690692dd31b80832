import { describe, expect, it } from 'vitest';
import { isStrided, packImage } from '../../src/images/index.js';
import type { StridedImage } from '../../src/images/index.js';
import { refusalOf } from './support/refusal.js';

const rows = (...bytes: number[]) => Uint8Array.from(bytes);

describe('raw pixels as a driver has them', () => {
  it('lose the padding of their rows', async () => {
    const image = { width: 2, height: 2, channels: 1, stride: 4, data: rows(1, 2, 99, 99, 3, 4, 99, 99) } as const;
    expect(isStrided(image)).toBe(true);
    expect(await packImage(image)).toEqual({ width: 2, height: 2, channels: 1, data: rows(1, 2, 3, 4) });
  });

  it('may come without the padding of the last row', async () => {
    const image = { width: 1, height: 2, channels: 3, stride: 4, data: rows(1, 2, 3, 99, 4, 5, 6) } as const;
    expect((await packImage(image)).data).toEqual(rows(1, 2, 3, 4, 5, 6));
  });

  it('lose a fourth channel, and keep the order of the others', async () => {
    const data = rows(1, 2, 3, 99, 4, 5, 6, 0);
    expect(await packImage({ width: 2, height: 1, channels: 4, data, colorSpace: 'BGR' })).toEqual({
      width: 2,
      height: 1,
      channels: 3,
      colorSpace: 'BGR',
      data: rows(1, 2, 3, 4, 5, 6),
    });
  });

  it.each<[string, Partial<StridedImage>]>([
    ['a stride shorter than a row', { stride: 5 }],
    ['a stride that is no whole number', { stride: 8.5 }],
    ['too few bytes', { data: new Uint8Array(13) }],
    ['too many bytes', { data: new Uint8Array(17) }],
    ['no width', { width: 0 }],
    ['two channels', { channels: 2 as never }],
    ['pixels that are no bytes', { data: [1, 2, 3] as never }],
  ])('are refused as 1002 with %s', async (_, wrong) => {
    const image: StridedImage = { width: 2, height: 2, channels: 3, stride: 8, data: new Uint8Array(16), ...wrong };
    expect((await refusalOf(packImage(image))).code).toBe('1002');
  });

  it('do not hold the event loop while they are packed', async () => {
    const image = { width: 4000, height: 3000, channels: 4, data: new Uint8Array(48_000_000) } as const;
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 0);
    await packImage(image);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(2);
  });
});
