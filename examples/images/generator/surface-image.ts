/** One picture of a brushed metal surface, flawless or with scratches, spots and stains whose places are known. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Light, expose } from './camera.js';
import { type Random, createRandom } from './random.js';
import { type Box, type Raster, createRaster, disc, paint, around, shade } from './raster.js';
import { type Defect, type DefectKind, paintDefect } from './surface-defect.js';

export interface Surface {
  readonly surface: string;
  readonly brushed: 'horizontal' | 'vertical';
  readonly holes: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
}

export const SURFACE_CONDITIONS = ['dim light', 'uneven light', 'sheen', 'noise'] as const;
export type SurfaceCondition = (typeof SURFACE_CONDITIONS)[number];

export interface SurfaceSpec {
  readonly surface: Surface;
  readonly kinds: readonly DefectKind[];
  readonly conditions: readonly SurfaceCondition[];
  readonly seed: number;
}

export const SURFACE_WIDTH = 1280;
export const SURFACE_HEIGHT = 800;

/** Reads `assets/<pid>_surface.json` of the surface-defects project in `projectFolder`. */
export function readSurface(projectFolder: string, pid: string): Surface {
  return JSON.parse(readFileSync(join(projectFolder, 'assets', `${pid}_surface.json`), 'utf8')) as Surface;
}

/** RGB `uint8`, 1280×800, and where each of `kinds` was painted. */
export function renderSurface({ surface, kinds, conditions, seed }: SurfaceSpec): {
  image: Raster;
  defects: Defect[];
} {
  const random = createRandom(seed);
  const image = brushedMetal(surface.brushed, random);
  const taken: Box[] = surface.holes.map(({ x, y, radius }) => around(x, y, radius + 20));
  const defects = kinds.map((kind) => paintDefect(image, kind, surface.brushed, taken, random));
  for (const { x, y, radius } of surface.holes) {
    paint(image, around(x, y, radius), disc(x, y, radius), (px, py) => {
      const wall = Math.max(0, Math.hypot(px - x, py - y) / radius - 0.8) * 5;
      return shade([120, 120, 122], 0.16 + 0.5 * wall * Math.max(0, (px - x + py - y) / radius));
    });
  }
  if (conditions.includes('sheen')) addSheen(image, surface.brushed, random);
  expose(image, chooseLight(random, conditions), conditions.includes('noise') ? 5 : 1.5, random);
  return { image, defects };
}

/** Fine parallel streaks: noise that changes quickly across the brush and slowly along it. */
function brushedMetal(brushed: Surface['brushed'], random: Random): Raster {
  const raster = createRaster(SURFACE_WIDTH, SURFACE_HEIGHT);
  const period = 4096;
  const streak = new Float32Array(period);
  for (let at = 0, value = 0; at < 2 * period; at++) {
    value = value * 0.96 + random.normal() * 0.28;
    streak[at % period] = value;
  }
  const lines = brushed === 'horizontal' ? SURFACE_HEIGHT : SURFACE_WIDTH;
  const groove = Float32Array.from({ length: lines }, () => random.normal() * 3.5);
  const offset = Int32Array.from({ length: lines }, () => random.integer(0, period - 1));
  for (let y = 0, at = 0; y < SURFACE_HEIGHT; y++) {
    for (let x = 0; x < SURFACE_WIDTH; x++, at += 3) {
      const [line, along] = brushed === 'horizontal' ? [y, x] : [x, y];
      const level = 152 + groove[line]! + 2.5 * streak[(along + offset[line]!) % period]!;
      raster.data[at] = level;
      raster.data[at + 1] = level + 1;
      raster.data[at + 2] = level + 3;
    }
  }
  return raster;
}

/** A broad bright band across the brush, as a lamp leaves on brushed metal. It is no stain. */
function addSheen({ data }: Raster, brushed: Surface['brushed'], random: Random): void {
  const length = brushed === 'horizontal' ? SURFACE_WIDTH : SURFACE_HEIGHT;
  const centre = random.between(0.2, 0.8) * length;
  const breadth = length * 0.28;
  const gain = Float32Array.from({ length }, (_, at) => 1 + 0.22 * Math.exp(-(((at - centre) / breadth) ** 2)));
  for (let y = 0, at = 0; y < SURFACE_HEIGHT; y++) {
    for (let x = 0; x < SURFACE_WIDTH; x++) {
      const factor = gain[brushed === 'horizontal' ? x : y]!;
      for (let channel = 0; channel < 3; channel++, at++) data[at]! *= factor;
    }
  }
}

function chooseLight(random: Random, conditions: readonly SurfaceCondition[]): Light {
  const slope = conditions.includes('uneven light') ? 0.25 : 0.03;
  return {
    gain: random.between(0.95, 1.05) * (conditions.includes('dim light') ? random.between(0.45, 0.55) : 1),
    gradient: [random.between(-slope, slope), random.between(-slope, slope)],
    vignette: 0.12,
  };
}
