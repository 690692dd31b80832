import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeImageFile } from '../../src/images/index.js';

const place = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: string;
}

/** What Pillow sees in the fixtures, which it wrote (fixtures/make.py). */
const SEEN = JSON.parse(readFileSync(place('pixels.json'), 'utf8')) as Record<string, Seen>;

/** Lossy formats may be decoded by another version of their library. */
const tolerance = (name: string) => (/^jpeg|tiff-jpeg|webp-lossy/.test(name) ? 2 : 0);

const MORE_THAN_ONE: readonly string[] = ['tiff-pages.tif', 'webp-moving.webp'];

describe('decoding a file', () => {
  it.each(Object.entries(SEEN))('gives for %s the pixels that Pillow gives', async (name, seen) => {
    const image = await decodeImageFile(place(name));
    const expected = Buffer.from(seen.pixels, 'base64');
    const { width, height, channels } = seen;
    expect(image).toMatchObject({ width, height, channels });
    expect(image.data).toHaveLength(expected.length);
    const worst = image.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? 0))), 0);
    expect(worst).toBeLessThanOrEqual(tolerance(name));
  });

  it.each(Object.keys(SEEN))('warns of %s when it holds more than one image', async (name) => {
    const { warnings = [] } = await decodeImageFile(place(name));
    const told = warnings.map(({ message }) => message);
    if (MORE_THAN_ONE.includes(name)) expect(told).toEqual([expect.stringMatching(/holds \d images; only the first/)]);
    else expect(told).toEqual([]);
  });
});
