/** A small painter: shapes are signed distances (px, negative inside), so every edge is smooth and every shape one line. */

export type Colour = readonly [red: number, green: number, blue: number];

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** RGB, `uint8`, row by row, `width * height * 3` bytes. */
  readonly data: Uint8ClampedArray;
}

/** Signed distance in px from a point to the edge of a shape. */
export type Shape = (x: number, y: number) => number;
export type Shader = (x: number, y: number) => Colour;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function createRaster(width: number, height: number): Raster {
  return { width, height, data: new Uint8ClampedArray(width * height * 3) };
}

export function copyRaster(source: Raster): Raster {
  return { ...source, data: source.data.slice() };
}

export const disc =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius;

export const ring =
  (cx: number, cy: number, radius: number, thickness: number): Shape =>
  (x, y) =>
    Math.abs(Math.hypot(x - cx, y - cy) - radius) - thickness / 2;

/** A line with round ends. */
export const capsule =
  (x0: number, y0: number, x1: number, y1: number, thickness: number): Shape =>
  (x, y) => {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(x - x0 - dx * along, y - y0 - dy * along) - thickness / 2;
  };

export const roundedBox =
  ({ x: left, y: top, width, height }: Box, radius = 0): Shape =>
  (x, y) => {
    const outsideX = Math.abs(x - left - width / 2) - width / 2 + radius;
    const outsideY = Math.abs(y - top - height / 2) - height / 2 + radius;
    return (
      Math.min(Math.max(outsideX, outsideY), 0) + Math.hypot(Math.max(outsideX, 0), Math.max(outsideY, 0)) - radius
    );
  };

/** Fills `shape` within `bounds` (all that lies outside is cut off); `softness` is the width of its edge in px. */
export function paint(
  raster: Raster,
  bounds: Box,
  shape: Shape,
  colour: Colour | Shader,
  opacity = 1,
  softness = 1,
): void {
  const { width, height, data } = raster;
  const right = Math.min(width, Math.ceil(bounds.x + bounds.width) + 1);
  const bottom = Math.min(height, Math.ceil(bounds.y + bounds.height) + 1);
  for (let y = Math.max(0, Math.floor(bounds.y) - 1); y < bottom; y++) {
    for (let x = Math.max(0, Math.floor(bounds.x) - 1); x < right; x++) {
      const cover = Math.min(1, Math.max(0, 0.5 - shape(x, y) / softness)) * opacity;
      if (cover === 0) continue;
      const [red, green, blue] = typeof colour === 'function' ? colour(x, y) : colour;
      const at = (y * width + x) * 3;
      data[at] = data[at]! + (red - data[at]!) * cover;
      data[at + 1] = data[at + 1]! + (green - data[at + 1]!) * cover;
      data[at + 2] = data[at + 2]! + (blue - data[at + 2]!) * cover;
    }
  }
}

export function around(cx: number, cy: number, radius: number): Box {
  return { x: cx - radius, y: cy - radius, width: 2 * radius, height: 2 * radius };
}

export function paintDisc(raster: Raster, cx: number, cy: number, radius: number, colour: Colour, opacity = 1): void {
  paint(raster, around(cx, cy, radius), disc(cx, cy, radius), colour, opacity);
}

export function paintBox(raster: Raster, box: Box, colour: Colour, radius = 0, opacity = 1): void {
  paint(raster, box, roundedBox(box, radius), colour, opacity);
}

export function paintLine(
  raster: Raster,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  thickness: number,
  colour: Colour,
  opacity = 1,
): void {
  const bounds = {
    x: Math.min(x0, x1) - thickness,
    y: Math.min(y0, y1) - thickness,
    width: Math.abs(x1 - x0) + 2 * thickness,
    height: Math.abs(y1 - y0) + 2 * thickness,
  };
  paint(raster, bounds, capsule(x0, y0, x1, y1, thickness), colour, opacity);
}

export function shade([red, green, blue]: Colour, factor: number): Colour {
  return [red * factor, green * factor, blue * factor];
}
