/** A screw in its place, or the empty hole that a missing one leaves. */
import { type BoardLayout } from './layout.js';
import { type Random } from './random.js';
import { type Colour, type Raster, type Shape, around, capsule, disc, paint, ring, shade } from './raster.js';

export interface ScrewStyle {
  readonly metal: Colour;
  readonly recess: 'cross' | 'slot' | 'hex';
}

const METALS: readonly Colour[] = [
  [198, 199, 200],
  [184, 188, 194],
  [206, 186, 130],
];

/** One box of screws serves a whole board. */
export function chooseStyle(random: Random): ScrewStyle {
  return { metal: random.pick(METALS), recess: random.pick(['cross', 'cross', 'slot', 'hex']) };
}

/** The tinned ring on the board that a screw head covers for the most part. */
export function paintPad(raster: Raster, layout: BoardLayout, cx: number, cy: number, random: Random): void {
  const radius = (layout.pad_diameter_mm / 2) * layout.px_per_mm;
  const level = random.between(150, 185);
  const tilt = random.between(0, 2 * Math.PI);
  paint(raster, around(cx, cy, radius + 4), disc(cx, cy, radius + 3), [16, 26, 22], 0.5);
  paint(raster, around(cx, cy, radius), disc(cx, cy, radius), (x, y) => {
    const sheen = level + 16 * Math.cos(Math.atan2(y - cy, x - cx) * 2 + tilt);
    return [sheen, sheen, sheen + 2];
  });
}

export function paintScrew(
  raster: Raster,
  layout: BoardLayout,
  cx: number,
  cy: number,
  style: ScrewStyle,
  random: Random,
): void {
  const radius = (layout.head_diameter_mm / 2) * layout.px_per_mm;
  const x0 = cx + random.normal() * 0.5;
  const y0 = cy + random.normal() * 0.5;
  const turn = random.between(0, 2 * Math.PI);
  const gloss = random.between(0.9, 1.08);
  paint(raster, around(x0 + 3, y0 + 3, radius + 2), disc(x0 + 3, y0 + 3, radius), [10, 12, 12], 0.5, 4);
  paint(raster, around(x0, y0, radius), disc(x0, y0, radius), (x, y) => {
    const [dx, dy] = [(x - x0) / radius, (y - y0) / radius];
    const distance = Math.hypot(dx, dy);
    // Turned metal shines in two opposite sectors; the dome is lit from the upper left and falls off to its rim.
    const sectors = 0.07 * Math.cos(2 * (Math.atan2(dy, dx) - turn));
    const dome = 1.02 - 0.3 * distance ** 4 - 0.16 * (dx + dy) * distance;
    const grooves = 0.03 * Math.cos(distance * 38);
    return shade(style.metal, gloss * (dome + sectors + grooves));
  });
  paint(raster, around(x0, y0, radius + 1), ring(x0, y0, radius - 0.5, 1.6), [58, 60, 62], 0.55);

  const recess = recessShape(style.recess, x0, y0, radius * 0.5, turn);
  paint(raster, around(x0, y0, radius * 0.9), recess, (x, y) => {
    const depth = 30 + 22 * Math.max(0, (x - x0 + (y - y0)) / radius);
    return [depth, depth, depth + 2];
  });
}

function recessShape(kind: ScrewStyle['recess'], cx: number, cy: number, reach: number, turn: number): Shape {
  const arm = (angle: number, length: number, width: number): Shape => {
    const [dx, dy] = [Math.cos(angle) * length, Math.sin(angle) * length];
    return capsule(cx - dx, cy - dy, cx + dx, cy + dy, width);
  };
  switch (kind) {
    case 'cross': {
      const [one, other] = [arm(turn, reach, 3.8), arm(turn + Math.PI / 2, reach, 3.8)];
      return (x, y) => Math.min(one(x, y), other(x, y));
    }
    case 'slot':
      return arm(turn, reach * 1.5, 4);
    case 'hex':
      return (x, y) => {
        const sides = [0, 1, 2].map((side) => {
          const angle = turn + (side * Math.PI) / 3;
          return Math.abs((x - cx) * Math.cos(angle) + (y - cy) * Math.sin(angle));
        });
        return Math.max(...sides) - reach * 0.62;
      };
  }
}

/** An empty hole: dark, one inner wall catching the light, the thread of the stand-off below just visible. */
export function paintEmptyHole(raster: Raster, layout: BoardLayout, cx: number, cy: number, random: Random): void {
  const radius = (layout.hole_diameter_mm / 2) * layout.px_per_mm;
  const head = (layout.head_diameter_mm / 2) * layout.px_per_mm;
  const depth = random.between(14, 34);
  const glint = random.between(20, 55);
  paint(raster, around(cx, cy, head), ring(cx, cy, head - 1.5, 2), [118, 118, 116], random.between(0, 0.5));
  paint(raster, around(cx, cy, radius), disc(cx, cy, radius), (x, y) => {
    const [dx, dy] = [(x - cx) / radius, (y - cy) / radius];
    const distance = Math.hypot(dx, dy);
    const wall = Math.max(0, distance - 0.72) * Math.max(0, dx + dy) * glint * 3;
    const thread = distance < 0.72 ? 5 * Math.cos(distance * 16) : 0;
    const level = depth + wall + thread;
    return [level, level, level + 1];
  });
}
