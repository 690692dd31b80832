/**
 * The bare, assembled board of a product: solder mask, traces, parts, print. Products of one kind look alike, so a board
 * is painted once per layout, from a seed that depends on the product alone, and every picture starts from a copy.
 */
import { paintText } from './glyphs.js';
import { type BoardLayout } from './layout.js';
import * as parts from './parts.js';
import { type Random, createRandom } from './random.js';
import {
  type Box,
  type Colour,
  type Raster,
  createRaster,
  paint,
  paintDisc,
  paintLine,
  roundedBox,
  shade,
} from './raster.js';

const MASKS: readonly Colour[] = [
  [22, 92, 56],
  [20, 62, 118],
];

const TITLE_DOT = 2.4;

const painted = new Map<string, Raster>();

export function boardArt(layout: BoardLayout): Raster {
  const key = JSON.stringify(layout);
  const known = painted.get(key);
  if (known) return known;
  const art = paintBoard(layout);
  painted.set(key, art);
  return art;
}

function paintBoard(layout: BoardLayout): Raster {
  const seed = [...layout.product].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) >>> 0;
  const random = createRandom(seed);
  const raster = createRaster(
    Math.round(layout.board.width_mm * layout.px_per_mm),
    Math.round(layout.board.height_mm * layout.px_per_mm),
  );
  const mask = random.pick(MASKS);
  paintMask(raster, mask, random);
  paintTraces(raster, mask, random);
  paintRim(raster, layout.mask_margin_mm * layout.px_per_mm);
  placeParts(raster, layout, random);
  const title = titlePlace(raster, layout);
  paintText(raster, layout.product.toUpperCase(), title.x, title.y, TITLE_DOT, [222, 226, 220]);
  return raster;
}

function paintMask({ width, height, data }: Raster, [red, green, blue]: Colour, random: Random): void {
  const cloud = Float32Array.from({ length: 64 * 64 }, () => random.between(-1, 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const mottle = 1 + 0.03 * cloud[((y >> 4) & 63) * 64 + ((x >> 4) & 63)]!;
      data.set([red * mottle, green * mottle, blue * mottle], (y * width + x) * 3);
    }
  }
}

/** The bare laminate shows where the board was milled out of its panel. */
function paintRim(raster: Raster, margin: number): void {
  const edge = roundedBox({ x: 0, y: 0, width: raster.width, height: raster.height }, 16);
  const bounds = { x: 0, y: 0, width: raster.width, height: raster.height };
  paint(raster, bounds, (x, y) => -margin - edge(x + 0.5, y + 0.5), [150, 138, 96]);
}

function paintTraces(raster: Raster, mask: Colour, random: Random): void {
  const copper = shade(mask, 1.28);
  for (let bus = 0; bus < 26; bus++) {
    const lanes = random.integer(1, 6);
    const horizontal = random.chance(0.5);
    const start: [number, number] = [random.between(40, raster.width - 40), random.between(40, raster.height - 40)];
    const run = random.between(80, 420) * (random.chance(0.5) ? 1 : -1);
    const jog = random.between(30, 120) * (random.chance(0.5) ? 1 : -1);
    for (let lane = 0; lane < lanes; lane++) {
      const offset = lane * 9;
      const points: [number, number][] = [
        [0, 0],
        [run * 0.5, 0],
        [run * 0.5 + Math.abs(jog) * Math.sign(run), jog],
        [run + Math.abs(jog) * Math.sign(run), jog],
      ];
      const placed = points.map(([along, across]): [number, number] =>
        horizontal ? [start[0] + along, start[1] + across + offset] : [start[0] + across + offset, start[1] + along],
      );
      for (let leg = 1; leg < placed.length; leg++) paintLine(raster, placed[leg - 1]!, placed[leg]!, 3.5, copper);
      paintVia(raster, ...placed.at(-1)!);
    }
  }
}

function paintVia(raster: Raster, x: number, y: number): void {
  paintDisc(raster, x, y, 5, [170, 160, 120]);
  paintDisc(raster, x, y, 2.4, [24, 26, 24]);
}

function titlePlace(raster: Raster, layout: BoardLayout): Box {
  const width = layout.product.length * 6 * TITLE_DOT;
  return { x: raster.width / 2 + 90, y: raster.height - 52, width, height: 8 * TITLE_DOT };
}

/** Big parts first, small ones into what is left; none near a screw or over the edge. */
function placeParts(raster: Raster, layout: BoardLayout, random: Random): void {
  const keepOut = (layout.pad_diameter_mm / 2) * layout.px_per_mm + 12;
  const taken: Box[] = layout.screws.map(({ x_mm, y_mm }) => ({
    x: x_mm * layout.px_per_mm - keepOut,
    y: y_mm * layout.px_per_mm - keepOut,
    width: 2 * keepOut,
    height: 2 * keepOut,
  }));
  taken.push(titlePlace(raster, layout));
  const place = (part: parts.Part, designator: string): void => {
    const print = 14;
    for (let attempt = 0; attempt < 60; attempt++) {
      const box = {
        x: random.between(16, raster.width - part.width - 16),
        y: random.between(16, raster.height - part.height - print - 16),
        width: Math.max(part.width, designator.length * 10),
        height: part.height + print,
      };
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      part.paint(raster, Math.round(box.x + part.width / 2), Math.round(box.y + part.height / 2));
      parts.paintDesignator(raster, designator, box.x, box.y + part.height + 1);
      return;
    }
  };

  for (let n = 1; n <= 3; n++) place(parts.connector(random, random.integer(150, 240), 70), `J${n}`);
  for (let n = 4; n <= 5; n++) place(parts.connector(random, 64, random.integer(140, 210)), `J${n}`);
  for (let n = 1; n <= 3; n++) {
    const side = random.integer(110, 170);
    place(parts.chip(random, side, side, true, `PV${random.integer(1000, 9999)}`), `U${n}`);
  }
  for (let n = 4; n <= 9; n++) {
    place(
      parts.chip(random, random.integer(70, 120), random.integer(48, 64), false, `${random.integer(100, 999)}`),
      `U${n}`,
    );
  }
  place(parts.sticker(random, 190, 90), '');
  for (let n = 1; n <= 7; n++) place(parts.can(random, random.integer(18, 30)), `C${n}`);
  for (let n = 6; n <= 8; n++) place(parts.header(random.integer(6, 14), 2, random.chance(0.4)), `J${n}`);
  for (let n = 1; n <= 130; n++) {
    place(parts.twoTerminal(random, random.integer(16, 30), random.integer(9, 15)), `${random.pick(['R', 'C'])}${n}`);
  }
  for (let n = 0; n < 120; n++) {
    const [x, y] = [random.between(20, raster.width - 20), random.between(20, raster.height - 20)];
    const spot = { x: x - 6, y: y - 6, width: 12, height: 12 };
    if (!taken.some((other) => overlap(spot, other))) paintVia(raster, x, y);
  }
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
