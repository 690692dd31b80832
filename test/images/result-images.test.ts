import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, drawRect, encodePng, toRgb } from '../../src/images/index.js';
import type { Channels, RawImage } from '../../src/images/index.js';
import { testImage } from './support/images.js';
import { refusal, refusalOf } from './support/refusal.js';

const black = (width: number, height: number, channels: Channels = 3): RawImage => ({
  width,
  height,
  channels,
  data: new Uint8Array(width * height * channels),
});

/** A one-channel image as text: `#` where it is set. */
const picture = ({ width, data }: RawImage) =>
  [...data]
    .map((value) => (value > 0 ? '#' : '.'))
    .join('')
    .match(new RegExp(`.{${width}}`, 'g'));

describe('encoding a PNG', () => {
  it.each([1, 3] as const)('keeps every pixel of %i channels', async (channels) => {
    const image = testImage(37, 11, channels);
    expect(await decodeImage(await encodePng(image))).toEqual(image);
  });

  it('writes what another decoder reads, with BGR turned to RGB', async () => {
    const file = await encodePng({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3), colorSpace: 'BGR' });
    expect([...(await sharp(file).raw().toBuffer())]).toEqual([3, 2, 1]);
  });

  it('takes a view into a larger buffer', async () => {
    const image = { ...testImage(3, 3), data: new Uint8Array(new ArrayBuffer(100), 40, 27).fill(5) };
    expect([...(await decodeImage(await encodePng(image))).data]).toEqual(Array(27).fill(5));
  });

  it('refuses an image that is not what it says', async () => {
    expect((await refusalOf(encodePng({ ...testImage(3, 3), width: 4 }))).code).toBe('1002');
  });
});

describe('an RGB copy', () => {
  it('repeats grey, turns BGR round, and never shares the pixels', () => {
    const grey = { width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 9) } as const;
    expect([...toRgb(grey).data]).toEqual([7, 7, 7, 9, 9, 9]);
    const bgr = { width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3), colorSpace: 'BGR' } as const;
    expect(toRgb(bgr)).toEqual({ width: 1, height: 1, channels: 3, data: Uint8Array.of(3, 2, 1) });
    const rgb = testImage(2, 2);
    expect(toRgb(rgb)).toEqual(rgb);
    expect(toRgb(rgb).data).not.toBe(rgb.data);
  });
});

describe('drawing a rectangle', () => {
  it('frames it from outside', () => {
    const image = black(7, 6, 1);
    drawRect(image, { x: 2, y: 2, width: 3, height: 2 }, [255, 255, 255], 1);
    expect(picture(image)).toEqual(['.......', '.#####.', '.#...#.', '.#...#.', '.#####.', '.......']);
  });

  it('cuts off what lies outside the image', () => {
    const image = black(4, 4, 1);
    drawRect(image, { x: -5, y: 1, width: 7, height: 100 }, [255, 255, 255], 1);
    expect(picture(image)).toEqual(['###.', '..#.', '..#.', '..#.']);
    const untouched = black(4, 4, 1);
    drawRect(untouched, { x: 1e9, y: -1e9, width: 5, height: 5 }, [255, 255, 255], 3);
    expect(picture(untouched)?.join('')).not.toContain('#');
  });

  it('draws in the order of the channels', () => {
    const rgb = black(1, 1);
    drawRect(rgb, { x: 1, y: 0, width: 1, height: 1 }, [1, 2, 3], 1);
    expect([...rgb.data]).toEqual([1, 2, 3]);
    const bgr = { ...black(1, 1), colorSpace: 'BGR' } as const;
    drawRect(bgr, { x: 1, y: 0, width: 1, height: 1 }, [1, 2, 3], 1);
    expect([...bgr.data]).toEqual([3, 2, 1]);
  });

  it.each([
    { x: NaN, y: 0, width: 1, height: 1 },
    { x: 0, y: Infinity, width: 1, height: 1 },
    { x: 0, y: 0, width: -1, height: 1 },
  ])('refuses %j as 1007', (rect) => {
    expect(refusal(() => drawRect(black(2, 2), rect, [0, 0, 0])).code).toBe('1007');
  });
});
