import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeImageFile, encodePng } from '../../../../src/images/index.js';
import { mutated } from '../mutate.js';
import { refusable } from '../target.js';
import type { Target } from '../target.js';

const pixels = Buffer.from(Array.from({ length: 16 * 12 * 3 }, (_, i) => (i * 7) % 256));
const PNG = Buffer.from(await encodePng({ width: 16, height: 12, channels: 3, data: pixels }));
/** 8 × 8 grey pixels, baseline. */
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==',
  'base64',
);
/** 2 × 2 pixels of 24 bits. */
const BMP = Buffer.from(
  '424d460000000000000036000000280000000200000002000000010018000000000010000000130b0000130b000000000000000000000000ff00ff000000ff0000ffffff0000',
  'hex',
);
/** Little-endian, one strip of 2 × 1 grey pixels. */
const TIFF = Buffer.from(
  '49492a000800000008000001030001000000020000000101030001000000010000000201030001000000080000000301030001000000010000000601030001000000010000001101040001000000700000001601030001000000010000001701040001000000020000000000000000ff',
  'hex',
);

export const images: Target = {
  cpuMs: 3_000,
  async attempt(chance, folder) {
    const [name, sound] = chance.of([
      ['a.png', PNG],
      ['a.jpg', JPEG],
      ['a.bmp', BMP],
      ['a.tif', TIFF],
    ] as const);
    const path = join(folder, name);
    const bytes = chance.isOneIn(20)
      ? Buffer.from(sound)
      : headerFirst(sound, chance.isOneIn(2), (part) => mutated(part, chance));
    writeFileSync(path, bytes);
    await refusable(() => decodeImageFile(path));
  },
};

/** Damage of the header is what readers are hurt by. */
const headerFirst = (bytes: Buffer, onlyHeader: boolean, spoil: (part: Buffer) => Buffer): Buffer =>
  onlyHeader ? Buffer.concat([spoil(bytes.subarray(0, 64)), bytes.subarray(64)]) : spoil(bytes);
