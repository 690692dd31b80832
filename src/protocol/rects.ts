import { fault } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';

/** The rectangles of an answer (contract §4 "Checks on results"). */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label?: string;
  readonly score?: number;
  readonly [key: string]: unknown;
}

/** Rectangles outside the image that are told one by one. */
const OUTSIDE_TOLD = 20;
export const NO_RECTS: readonly Rect[] = [];

/** The list under `key`, or what is wrong with it; cut to `most` before its coordinates are judged. */
export function readRects(
  value: unknown,
  key: string,
  image: { width: number; height: number } | null,
  warnings: Fault[],
  most: number,
): readonly Rect[] | string {
  if (value === undefined || value === null) return NO_RECTS;
  if (!Array.isArray(value)) return `data.${key} is not a list`;
  const rects: unknown[] = value.length <= most ? value : cut(value, key, most, warnings);
  let outside = 0;
  for (let i = 0; i < rects.length; i++) {
    const rect = rects[i];
    if (!isRect(rect)) return `data.${key}[${i}] is not a rectangle with numbers x, y, width and height`;
    if (image === null || !isOutside(rect, image)) continue;
    outside += 1;
    if (outside <= OUTSIDE_TOLD) warnings.push(lyingOutside(rect, key, i, image));
  }
  if (outside > OUTSIDE_TOLD)
    warnings.push(
      fault('coordinate_invalid', `${outside - OUTSIDE_TOLD} more rectangles of data.${key} lie outside the image.`),
    );
  return rects as readonly Rect[];
}

function cut(rects: unknown[], key: string, most: number, warnings: Fault[]): unknown[] {
  warnings.push(
    fault('contract_violation', `${rects.length} ${key} were cut to ${most}.`, { details: { given: rects.length } }),
  );
  return rects.slice(0, most);
}

const lyingOutside = (rect: Rect, key: string, index: number, image: { width: number; height: number }): Fault =>
  fault(
    'coordinate_invalid',
    `data.${key}[${index}] (${rect.x}, ${rect.y}, ${rect.width}×${rect.height}) lies outside the ${image.width}×${image.height} image.`,
    { details: { list: key, index } },
  );

function isRect(value: unknown): value is Rect {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Record<string, unknown>;
  return typeof x === 'number' && typeof y === 'number' && typeof width === 'number' && typeof height === 'number';
}

const isOutside = ({ x, y, width, height }: Rect, image: { width: number; height: number }): boolean =>
  x < 0 || y < 0 || width <= 0 || height <= 0 || x + width > image.width || y + height > image.height;
