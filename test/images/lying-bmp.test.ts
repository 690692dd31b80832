import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { decodeImage } from '../../src/images/index.js';
import { refusalOf } from './support/refusal.js';

const fixture = () => readFileSync(fileURLToPath(new URL('./fixtures/bmp-24.bmp', import.meta.url)));

it.each<[string, (bytes: Buffer) => unknown, RegExp]>([
  ['more rows than are there', (bytes) => bytes.writeInt32LE(1000, 22), /truncated/],
  ['the height of no image', (bytes) => bytes.writeInt32LE(-0x8000_0000, 22), /a side that are accepted/],
  ['a negative width', (bytes) => bytes.writeInt32LE(-23, 18), /its header says -23×17/],
  ['pixels within its header', (bytes) => bytes.writeUInt32LE(10, 10), /within its header/],
  ['pixels behind its end', (bytes) => bytes.writeUInt32LE(0xffff_fff0, 10), /truncated/],
])('a BMP that claims %s is refused as 1002', async (_, lie, message) => {
  const bytes = fixture();
  lie(bytes);
  const refused = await refusalOf(decodeImage(bytes));
  expect(refused.code).toBe('1002');
  expect(refused.message).toMatch(message);
});
