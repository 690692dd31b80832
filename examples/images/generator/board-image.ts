/** One picture of a board on the inspection station, with its ground truth known because it was painted. */
import { boardArt } from './board-art.js';
import { type Light, type Pose, expose, fixturePlate, layDown } from './camera.js';
import { paintClutter, paintDroppedScrew } from './clutter.js';
import { type BoardLayout } from './layout.js';
import { type Random, createRandom } from './random.js';
import { type Raster, copyRaster, paintBox, paintDisc } from './raster.js';
import { chooseStyle, paintEmptyHole, paintPad, paintScrew } from './screw.js';

export const BOARD_CONDITIONS = [
  'tilt',
  'shift',
  'dim light',
  'bright light',
  'uneven light',
  'noise',
  'averaged frames',
  'clutter',
  'dropped screw',
] as const;
export type BoardCondition = (typeof BOARD_CONDITIONS)[number];

export interface BoardSpec {
  readonly layout: BoardLayout;
  /** Names of the screws that are not there. */
  readonly missing: readonly string[];
  readonly conditions: readonly BoardCondition[];
  /** Decides everything else: how far it is tilted, which screws came from the box, where dust fell. */
  readonly seed: number;
}

export const IMAGE_WIDTH = 1920;
export const IMAGE_HEIGHT = 1200;

/** Renders `spec`: RGB `uint8`, 1920×1200. The same spec gives the same pixels. */
export function renderBoard({ layout, missing, conditions, seed }: BoardSpec): Raster {
  const random = createRandom(seed);
  const has = (condition: BoardCondition): boolean => conditions.includes(condition);

  const board = copyRaster(boardArt(layout));
  const style = chooseStyle(random);
  if (has('clutter')) paintClutter(board, random, 1);
  for (const { name, x_mm, y_mm } of layout.screws) {
    const [x, y] = [x_mm * layout.px_per_mm, y_mm * layout.px_per_mm];
    paintPad(board, layout, x, y, random);
    if (missing.includes(name)) paintEmptyHole(board, layout, x, y, random);
    else paintScrew(board, layout, x, y, style, random);
  }
  if (has('dropped screw')) {
    const [x, y] = clearSpot(board, layout, random);
    paintDroppedScrew(board, x, y, style, random);
  }

  const scene = fixturePlate(IMAGE_WIDTH, IMAGE_HEIGHT, random);
  paintFixtureHardware(scene);
  layDown(scene, board, poseOf({ conditions, seed }));
  const noise = has('noise') ? random.between(7, 11) : has('averaged frames') ? 0 : 1.2;
  expose(scene, chooseLight(random, conditions), noise, random);
  return scene;
}

/** Steel pins and a slot at the plate's border; they stay where they are, whatever the board does. */
function paintFixtureHardware(scene: Raster): void {
  for (const [x, y] of [
    [70, 80],
    [IMAGE_WIDTH - 70, 80],
    [70, IMAGE_HEIGHT - 80],
    [IMAGE_WIDTH - 70, IMAGE_HEIGHT - 80],
  ] as const) {
    paintDisc(scene, x + 3, y + 4, 27, [60, 62, 64], 0.5);
    paintDisc(scene, x, y, 26, [168, 170, 174]);
    paintDisc(scene, x, y, 12, [44, 45, 48]);
  }
  paintBox(scene, { x: 56, y: 430, width: 26, height: 340 }, [52, 53, 56], 13);
  paintBox(scene, { x: IMAGE_WIDTH - 82, y: 430, width: 26, height: 340 }, [52, 53, 56], 13);
}

/** Where `spec` lays its board; known without painting it. */
export function poseOf({ conditions, seed }: Pick<BoardSpec, 'conditions' | 'seed'>): Pose {
  const random = createRandom(seed ^ 0x905e);
  const side = random.chance(0.5) ? 1 : -1;
  const reach = conditions.includes('shift') ? 50 : 5;
  return {
    x: IMAGE_WIDTH / 2 + random.between(-reach, reach),
    y: IMAGE_HEIGHT / 2 + random.between(-reach, reach),
    tiltDeg: conditions.includes('tilt') ? side * random.between(1.5, 4.5) : random.between(-0.3, 0.3),
  };
}

function chooseLight(random: Random, conditions: readonly BoardCondition[]): Light {
  const slope = conditions.includes('uneven light') ? 0.3 : 0.04;
  const gain = random.between(0.95, 1.05);
  const exposure = conditions.includes('dim light')
    ? random.between(0.4, 0.5)
    : conditions.includes('bright light')
      ? random.between(1.25, 1.4)
      : 1;
  return {
    gain: gain * exposure,
    gradient: [random.between(-slope, slope), random.between(-slope, slope)],
    vignette: 0.16,
  };
}

/** A place on the board where a dropped screw covers neither a screw nor an empty hole. */
function clearSpot(board: Raster, layout: BoardLayout, random: Random): [number, number] {
  const clearance = 110;
  for (;;) {
    const [x, y] = [random.between(120, board.width - 120), random.between(120, board.height - 120)];
    const clear = layout.screws.every(
      ({ x_mm, y_mm }) => Math.hypot(x_mm * layout.px_per_mm - x, y_mm * layout.px_per_mm - y) > clearance,
    );
    if (clear) return [x, y];
  }
}
