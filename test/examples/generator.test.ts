import { readFileSync, readdirSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderBoard } from '../../examples/images/generator/board-image.js';
import { BOARD_SET, type BoardTruth } from '../../examples/images/generator/board-set.js';
import { readLayout } from '../../examples/images/generator/layout.js';
import { createRandom } from '../../examples/images/generator/random.js';
import { decodeImage } from './decode-image.js';
import { type Pixels } from './shared-image.js';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');
const IMAGES = join(EXAMPLES, 'images', 'screw-check');
const committed = JSON.parse(readFileSync(join(IMAGES, 'truth.json'), 'utf8')) as BoardTruth[];

function render({ pid, ...spec }: BoardTruth): Pixels {
  return renderBoard({ ...spec, layout: readLayout(join(EXAMPLES, 'screw-check'), pid) });
}

/** Mean difference in grey levels between blocks of 8×8 px: what one sees, without the noise. */
function difference(a: Pixels, b: Pixels): number {
  let [sum, count] = [0, 0];
  for (let y = 0; y + 8 <= a.height; y += 24) {
    for (let x = 0; x + 8 <= a.width; x += 24, count++) sum += Math.abs(blockSum(a, x, y) - blockSum(b, x, y)) / 192;
  }
  return sum / count;
}

function blockSum({ width, data }: Pixels, left: number, top: number): number {
  let sum = 0;
  for (let y = top; y < top + 8; y++) {
    for (let at = (y * width + left) * 3; at < (y * width + left + 8) * 3; at++) sum += data[at]!;
  }
  return sum;
}

describe('the image generator', () => {
  it('gives the same pixels for the same seed and others for another', () => {
    const [truth] = BOARD_SET;
    const [once, again, other] = [render(truth!), render(truth!), render({ ...truth!, seed: truth!.seed + 1 })];
    expect(Buffer.from(once.data).equals(Buffer.from(again.data))).toBe(true);
    expect(difference(once, other)).toBeGreaterThan(2);
  });

  it('draws evenly: a thousand numbers fill every tenth of the range', () => {
    const random = createRandom(1);
    const tenths = Array<number>(10).fill(0);
    for (let n = 0; n < 1000; n++) tenths[Math.floor(random.next() * 10)]!++;
    for (const count of tenths) expect(count).toBeGreaterThan(60);
  });
});

describe('the pictures of the repository', () => {
  it('are all named in truth.json, and the other way round', () => {
    const files = readdirSync(IMAGES).filter((name) => name !== 'truth.json');
    expect(committed.map(({ image }) => image).toSorted()).toEqual(files.toSorted());
    expect(committed).toEqual(BOARD_SET);
  });

  it('are at least 14 over both PIDs: good ones, one screw missing, several missing, tilt, poor light, noise', () => {
    expect(committed.length).toBeGreaterThanOrEqual(14);
    for (const pid of ['A01', 'A02']) {
      const ofPid = committed.filter((truth) => truth.pid === pid);
      const lacking = ofPid.map(({ missing }) => Math.min(2, missing.length));
      expect(new Set(lacking), pid).toEqual(new Set([0, 1, 2]));
      const conditions = new Set(ofPid.flatMap((truth) => truth.conditions));
      for (const condition of ['tilt', 'shift', 'dim light', 'uneven light', 'noise', 'clutter'] as const) {
        expect(conditions, `${pid} under ${condition}`).toContain(condition);
      }
    }
    for (const { expected, missing } of committed) expect(expected).toBe(missing.length > 0 ? 'NG' : 'OK');
  });

  it.each(committed)('$image is 1920×1200, below 700 kB, and what the generator paints', async (truth) => {
    const path = join(IMAGES, truth.image);
    expect(statSync(path).size).toBeLessThan(700_000);
    const [picture, painted] = [await decodeImage(path), render(truth)];
    expect([picture.width, picture.height]).toEqual([1920, 1200]);
    // PNG is exact, JPEG nearly so; pictures of two seeds differ by several levels.
    expect(difference(picture, painted)).toBeLessThan(extname(path) === '.png' ? 0.01 : 1);
  });
});
