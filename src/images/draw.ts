import { RunnerError } from '../base/errors/index.js';
import { checkRawImage } from './image.js';
import type { RawImage } from './image.js';

/** In pixels, origin at the top-left corner (contract §3.1). */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Red, green, blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/**
 * Draws a frame around a rectangle, into the image itself; what lies outside the image is cut off. The frame grows
 * outwards, so that it never covers what it marks. On a grey image the colour counts by its brightness; `toRgb` first
 * gives a copy that takes colours.
 *
 * @param thickness of the frame in pixels
 * @throws RunnerError coordinate_invalid for a rectangle that is not four finite numbers with a size of at least 0
 */
export function drawRect(image: RawImage, rect: Rect, color: Color, thickness = 3): void {
  checkRawImage(image);
  checkRect(rect);
  const [left, top] = [Math.round(rect.x), Math.round(rect.y)];
  const [right, bottom] = [Math.round(rect.x + rect.width), Math.round(rect.y + rect.height)];
  const pixel = pixelOf(image, color);
  fill(image, pixel, left - thickness, top - thickness, right + thickness, top);
  fill(image, pixel, left - thickness, bottom, right + thickness, bottom + thickness);
  fill(image, pixel, left - thickness, top, left, bottom);
  fill(image, pixel, right, top, right + thickness, bottom);
}

function checkRect(rect: Rect): void {
  const { x, y, width, height } = rect;
  if ([x, y, width, height].every(Number.isFinite) && width >= 0 && height >= 0) return;
  throw new RunnerError('coordinate_invalid', `This is not a rectangle to draw: ${JSON.stringify(rect)}.`);
}

function pixelOf({ channels, colorSpace }: RawImage, [red, green, blue]: Color): Uint8Array {
  if (channels === 1) return Uint8Array.of(Math.round(0.299 * red + 0.587 * green + 0.114 * blue));
  return colorSpace === 'BGR' ? Uint8Array.of(blue, green, red) : Uint8Array.of(red, green, blue);
}

function fill(image: RawImage, pixel: Uint8Array, x0: number, y0: number, x1: number, y1: number): void {
  const [fromX, toX] = [Math.max(x0, 0), Math.min(x1, image.width)];
  const [fromY, toY] = [Math.max(y0, 0), Math.min(y1, image.height)];
  for (let y = fromY; y < toY; y += 1) {
    for (let x = fromX; x < toX; x += 1) image.data.set(pixel, (y * image.width + x) * image.channels);
  }
}
