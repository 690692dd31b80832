export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const FIELDS = ['x', 'y', 'width', 'height'] as const;

/** Either form of a rectangle as numbers, pixels; undefined for anything else. */
export function readRect(value: unknown): Rect | undefined {
  const numbers = typeof value === 'string' ? fromText(value) : fromObject(value);
  if (numbers === undefined || !numbers.every(Number.isFinite)) return undefined;
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  return { x, y, width, height };
}

/** `"x,y,width,height"`. */
function fromText(text: string): number[] | undefined {
  const parts = text.split(',');
  if (parts.length !== FIELDS.length || parts.some((part) => part.trim() === '')) return undefined;
  return parts.map(Number);
}

function fromObject(value: unknown): number[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.length !== FIELDS.length) return undefined;
  const numbers = FIELDS.map((field) => (value as Record<string, unknown>)[field]);
  return numbers.every((number) => typeof number === 'number') ? numbers : undefined;
}

export const isInside = (rect: Rect, image: ImageSize): boolean =>
  rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= image.width && rect.y + rect.height <= image.height;
