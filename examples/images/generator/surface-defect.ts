/** Scratches, spots and stains, each painted where nothing else is. */
import { type Random } from './random.js';
import { type Box, type Raster, type Shape, capsule, paint } from './raster.js';

export const DEFECT_KINDS = ['scratch', 'spot', 'stain'] as const;
export type DefectKind = (typeof DEFECT_KINDS)[number];

export interface Defect {
  readonly kind: DefectKind;
  readonly box: Box;
}

const BORDER = 30;
const GAP = 40;

/** Paints one defect clear of `taken`, to which its place is added. */
export function paintDefect(
  raster: Raster,
  kind: DefectKind,
  brushed: 'horizontal' | 'vertical',
  taken: Box[],
  random: Random,
): Defect {
  switch (kind) {
    case 'scratch': {
      const half = random.between(50, 150);
      // A scratch along the brush is hardly visible even to people; these run across it, at 15 to 165 degrees.
      const angle = random.between(0.26, Math.PI - 0.26) + (brushed === 'vertical' ? Math.PI / 2 : 0);
      const [dx, dy] = [half * Math.cos(angle), half * Math.sin(angle)];
      const box = choosePlace(raster, 2 * Math.abs(dx) + 4, 2 * Math.abs(dy) + 4, taken, random);
      const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
      const width = random.between(1.8, 3.2);
      paint(raster, box, capsule(cx - dx + 1, cy - dy + 1.5, cx + dx + 1, cy + dy + 1.5, width), [84, 84, 86], 0.7);
      paint(raster, box, capsule(cx - dx, cy - dy, cx + dx, cy + dy, width), [222, 224, 226], 0.85);
      return { kind, box };
    }
    case 'spot': {
      const radius = random.between(5, 13);
      const box = choosePlace(raster, 2 * radius + 4, 2 * radius + 4, taken, random);
      const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
      const dark = random.between(50, 85);
      paint(raster, box, blob(cx, cy, radius * 0.85, random), [dark, dark - 4, dark - 10], 0.9, 3);
      return { kind, box };
    }
    case 'stain': {
      const radius = random.between(45, 85);
      const box = choosePlace(raster, 2.5 * radius, 2.5 * radius, taken, random);
      const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
      const edge = blob(cx, cy, radius, random);
      paint(raster, box, edge, [96, 92, 80], random.between(0.16, 0.24), 14);
      paint(raster, box, (x, y) => Math.abs(edge(x, y) + 4) - 3, [84, 80, 68], 0.1, 6);
      return { kind, box };
    }
  }
}

/** A disc with a wavering edge, never more than a quarter off its radius. */
function blob(cx: number, cy: number, radius: number, random: Random): Shape {
  const waves = [2, 3, 5].map((lobes) => ({
    lobes,
    turn: random.between(0, 2 * Math.PI),
    part: random.between(0.02, 0.08),
  }));
  return (x, y) => {
    const angle = Math.atan2(y - cy, x - cx);
    const waver = waves.reduce((sum, { lobes, turn, part }) => sum + part * Math.cos(lobes * angle + turn), 0);
    return Math.hypot(x - cx, y - cy) - radius * (1 + waver);
  };
}

function choosePlace(raster: Raster, width: number, height: number, taken: Box[], random: Random): Box {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const box = {
      x: random.between(BORDER, raster.width - BORDER - width),
      y: random.between(BORDER, raster.height - BORDER - height),
      width,
      height,
    };
    if (taken.some((other) => near(box, other))) continue;
    taken.push(box);
    return box;
  }
  throw new Error(`no room for another defect of ${Math.round(width)}×${Math.round(height)} px`);
}

function near(a: Box, b: Box): boolean {
  return (
    a.x < b.x + b.width + GAP && b.x < a.x + a.width + GAP && a.y < b.y + b.height + GAP && b.y < a.y + a.height + GAP
  );
}
