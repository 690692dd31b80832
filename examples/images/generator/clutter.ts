/** What is not a fault but lies about on real boards: fibres, dust, scuffs, and now and then a screw that was dropped. */
import { type Random } from './random.js';
import { type Colour, type Raster, around, disc, paint, paintLine, shade } from './raster.js';
import { type ScrewStyle } from './screw.js';

const LINT: Colour = [188, 188, 184];

export function paintClutter(raster: Raster, random: Random, amount: number): void {
  for (let fibre = 0; fibre < 14 * amount; fibre++) {
    let [x, y] = [random.between(0, raster.width), random.between(0, raster.height)];
    let heading = random.between(0, 2 * Math.PI);
    for (let piece = 0; piece < 7; piece++) {
      const [nextX, nextY] = [x + 8 * Math.cos(heading), y + 8 * Math.sin(heading)];
      paintLine(raster, [x, y], [nextX, nextY], 1.6, LINT, 0.55);
      [x, y, heading] = [nextX, nextY, heading + random.between(-0.7, 0.7)];
    }
  }
  for (let grain = 0; grain < 160 * amount; grain++) {
    const [x, y, size] = [random.between(0, raster.width), random.between(0, raster.height), random.between(0.7, 2.6)];
    const colour: Colour = random.chance(0.7) ? LINT : [30, 26, 22];
    paint(raster, around(x, y, size), disc(x, y, size), colour, 0.7);
  }
  for (let scuff = 0; scuff < 8 * amount; scuff++) {
    const [x, y] = [random.between(0, raster.width), random.between(0, raster.height)];
    const [dx, dy] = [random.between(-160, 160), random.between(-90, 90)];
    paintLine(raster, [x, y], [x + dx, y + dy], 1.2, [150, 170, 160], 0.4);
  }
}

/** A screw on its side: head seen edge on, threaded shank. It must not count as fitted. */
export function paintDroppedScrew(raster: Raster, x: number, y: number, style: ScrewStyle, random: Random): void {
  const heading = random.between(0, 2 * Math.PI);
  const [ux, uy] = [Math.cos(heading), Math.sin(heading)];
  const at = (along: number, across: number): [number, number] => [
    x + ux * along - uy * across,
    y + uy * along + ux * across,
  ];
  const metal = shade(style.metal, 0.86);
  paintLine(raster, at(4, 5), at(56, 5), 18, [8, 12, 10], 0.4);
  paintLine(raster, at(0, -14), at(0, 14), 10, metal);
  paintLine(raster, at(2, -12), at(2, 12), 3, shade(metal, 1.15), 0.7);
  paintLine(raster, at(6, 0), at(54, 0), 17, shade(metal, 0.8));
  for (let along = 10; along < 54; along += 6) {
    paintLine(raster, at(along, -8), at(along + 3, 8), 2, [70, 72, 74], 0.8);
  }
}
