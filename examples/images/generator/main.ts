/** Paints the pictures that are committed, and writes down what they show: `node dist/examples/images/generator/main.js`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { BOARD_SET } from './board-set.js';
import { renderBoard } from './board-image.js';
import { encodeJpeg, encodePng } from './encode.js';
import { examplesFolder } from './examples-folder.js';
import { readLayout } from './layout.js';
import { type Raster } from './raster.js';
import { readSurface, renderSurface } from './surface-image.js';
import { SURFACE_SET } from './surface-set.js';

const JPEG_QUALITY = 86;
/** Grain costs bytes and shows nothing. */
const NOISY_JPEG_QUALITY = 70;

function encode(image: Raster, name: string, noisy: boolean): Promise<Buffer> {
  if (extname(name) === '.png') return encodePng(image);
  return encodeJpeg(image, noisy ? NOISY_JPEG_QUALITY : JPEG_QUALITY);
}

function save(folder: string, name: string, bytes: Buffer): void {
  writeFileSync(join(folder, name), bytes);
  console.log(`${join(folder, name)}: ${Math.round(bytes.length / 1024)} KiB`);
}

/** JSON as the repository formats it: lists of plain values on one line. */
function saveTruth(folder: string, truths: readonly unknown[]): void {
  const text = JSON.stringify(truths, null, 2).replace(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (_, items: string) => {
    return `[${items.replace(/\n\s+/g, ' ')}]`;
  });
  writeFileSync(join(folder, 'truth.json'), `${text}\n`);
}

const examples = examplesFolder();

const boards = join(examples, 'images', 'screw-check');
mkdirSync(boards, { recursive: true });
for (const truth of BOARD_SET) {
  const image = renderBoard({ ...truth, layout: readLayout(join(examples, 'screw-check'), truth.pid) });
  save(boards, truth.image, await encode(image, truth.image, truth.conditions.includes('noise')));
}
saveTruth(boards, BOARD_SET);

const surfaces = join(examples, 'images', 'surface-defects');
mkdirSync(surfaces, { recursive: true });
const truths: object[] = [];
for (const truth of SURFACE_SET) {
  const surface = readSurface(join(examples, 'surface-defects'), truth.pid);
  const { image, defects } = renderSurface({ ...truth, surface });
  save(surfaces, truth.image, await encode(image, truth.image, truth.conditions.includes('noise')));
  const boxes = defects.map(({ kind, box }) => ({
    kind,
    x: Math.round(box.x),
    y: Math.round(box.y),
    width: Math.round(box.width),
    height: Math.round(box.height),
  }));
  truths.push({ ...truth, defects: boxes });
}
saveTruth(surfaces, truths);
