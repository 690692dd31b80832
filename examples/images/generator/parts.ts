/** What sits on a circuit board, seen from above and lit from the upper left. Sizes in px, positions are centres. */
import { paintText } from './glyphs.js';
import { type Random } from './random.js';
import { type Colour, type Raster, around, disc, paint, paintBox, paintDisc, paintLine, shade } from './raster.js';

const TIN: Colour = [186, 188, 190];
const GOLD: Colour = [196, 160, 84];
const SILK: Colour = [222, 226, 220];
const EPOXY: Colour = [34, 34, 37];

export interface Part {
  /** Outline including its shadow, used to keep parts apart. */
  readonly width: number;
  readonly height: number;
  paint(raster: Raster, cx: number, cy: number): void;
}

function paintShadow(raster: Raster, cx: number, cy: number, width: number, height: number, lift: number): void {
  const box = { x: cx - width / 2 + lift, y: cy - height / 2 + lift, width, height };
  paintBox(raster, box, [6, 10, 8], 3, 0.4);
}

/** An integrated circuit with leads on two or on all four sides. */
export function chip(random: Random, width: number, height: number, allSides: boolean, label: string): Part {
  const lead = 9;
  const tint = random.between(0.85, 1.25);
  return {
    width: width + 2 * lead + 8,
    height: height + 2 * lead + 8,
    paint(raster, cx, cy) {
      const [left, top] = [cx - width / 2, cy - height / 2];
      paintShadow(raster, cx, cy, width, height, 5);
      for (let x = left + 8; x < left + width - 6; x += 12) {
        paintBox(raster, { x, y: top - lead, width: 5, height: lead }, TIN, 1);
        paintBox(raster, { x, y: top + height, width: 5, height: lead }, shade(TIN, 0.85), 1);
      }
      for (let y = top + 8; allSides && y < top + height - 6; y += 12) {
        paintBox(raster, { x: left - lead, y, width: lead, height: 5 }, TIN, 1);
        paintBox(raster, { x: left + width, y, width: lead, height: 5 }, shade(TIN, 0.85), 1);
      }
      paintBox(raster, { x: left, y: top, width, height }, shade(EPOXY, tint), 3);
      paintBox(raster, { x: left + 1, y: top + 1, width: width - 2, height: 2 }, shade(EPOXY, tint * 1.9), 1);
      paintDisc(raster, left + 11, top + 11, 3.5, shade(EPOXY, tint * 0.55));
      const dot = Math.max(1, Math.min(2, width / (label.length * 6 + 6)));
      paintText(raster, label, cx - label.length * 3 * dot, cy - 4 * dot, dot, [150, 150, 148], 0.75);
    },
  };
}

/** A surface-mounted resistor (dark, with print) or capacitor (tan). */
export function twoTerminal(random: Random, length: number, breadth: number): Part {
  const resistor = random.chance(0.5);
  const upright = random.chance(0.5);
  const body: Colour = resistor ? [30, 30, 34] : shade([150, 118, 82], random.between(0.85, 1.1));
  const [width, height] = upright ? [breadth, length] : [length, breadth];
  return {
    width: width + 6,
    height: height + 6,
    paint(raster, cx, cy) {
      const box = { x: cx - width / 2, y: cy - height / 2, width, height };
      paintShadow(raster, cx, cy, width, height, 2);
      paintBox(raster, box, TIN, 1.5);
      const cap = length * 0.22;
      const core = upright
        ? { ...box, y: box.y + cap, height: height - 2 * cap }
        : { ...box, x: box.x + cap, width: width - 2 * cap };
      paintBox(raster, core, body, 0.5);
    },
  };
}

/** An electrolytic capacitor: a round, shining can, easily taken for a screw. */
export function can(random: Random, radius: number): Part {
  const stripe = random.between(0, Math.PI * 2);
  return {
    width: 2 * radius + 12,
    height: 2 * radius + 12,
    paint(raster, cx, cy) {
      const foot = { x: cx - radius - 3, y: cy - radius - 3, width: 2 * radius + 6, height: 2 * radius + 6 };
      paintShadow(raster, cx, cy, foot.width, foot.height, 6);
      paintBox(raster, foot, [24, 24, 28], 6);
      const top = disc(cx, cy, radius);
      const [nx, ny] = [Math.cos(stripe), Math.sin(stripe)];
      paint(raster, around(cx, cy, radius), top, (x, y) => {
        const along = ((x - cx) * nx + (y - cy) * ny) / radius;
        const sheen = 168 + 22 * Math.cos(5 * along + stripe) - ((x - cx + y - cy) / radius) * 14;
        return along > 0.45 ? [38, 40, 48] : [sheen, sheen, sheen + 3];
      });
      paint(raster, around(cx, cy, radius), (x, y) => Math.abs(top(x, y) + 2) - 1, [120, 122, 126], 0.8);
    },
  };
}

/** A pin header: gold pins in a dark strip. */
export function header(pins: number, rows: number, upright: boolean): Part {
  const pitch = 15;
  const [columns, lines] = upright ? [rows, pins] : [pins, rows];
  const [width, height] = [columns * pitch + 4, lines * pitch + 4];
  return {
    width: width + 10,
    height: height + 10,
    paint(raster, cx, cy) {
      const [left, top] = [cx - width / 2, cy - height / 2];
      paintShadow(raster, cx, cy, width, height, 5);
      paintBox(raster, { x: left, y: top, width, height }, [28, 28, 30], 2);
      for (let column = 0; column < columns; column++) {
        for (let line = 0; line < lines; line++) {
          const pin = { x: left + 2 + column * pitch + 5, y: top + 2 + line * pitch + 5, width: 5, height: 5 };
          paintBox(raster, pin, GOLD, 1);
          paintBox(raster, { ...pin, width: 2.5, height: 2.5 }, shade(GOLD, 1.25), 0);
        }
      }
    },
  };
}

/** A box connector of light or dark plastic with a row of contacts. */
export function connector(random: Random, width: number, height: number): Part {
  const plastic: Colour = random.chance(0.5) ? [196, 194, 182] : [44, 46, 52];
  return {
    width: width + 14,
    height: height + 14,
    paint(raster, cx, cy) {
      const box = { x: cx - width / 2, y: cy - height / 2, width, height };
      paintShadow(raster, cx, cy, width, height, 8);
      paintBox(raster, box, plastic, 3);
      const inner = { x: box.x + 7, y: box.y + 7, width: width - 14, height: height - 14 };
      paintBox(raster, inner, shade(plastic, 0.55), 2);
      const tall = height > width;
      const step = 14;
      for (let at = 10; at < (tall ? inner.height : inner.width) - 8; at += step) {
        const contact = tall
          ? { x: cx - 6, y: inner.y + at, width: 12, height: 4 }
          : { x: inner.x + at, y: cy - 6, width: 4, height: 12 };
        paintBox(raster, contact, GOLD, 0);
      }
    },
  };
}

/** A paper label with lines of print and a square code. */
export function sticker(random: Random, width: number, height: number): Part {
  const cells = Array.from({ length: 100 }, () => random.chance(0.5));
  return {
    width: width + 8,
    height: height + 8,
    paint(raster, cx, cy) {
      const [left, top] = [cx - width / 2, cy - height / 2];
      paintBox(raster, { x: left, y: top, width, height }, [206, 205, 198], 2);
      const cell = (height - 16) / 10;
      cells.forEach((dark, index) => {
        const [column, row] = [index % 10, Math.floor(index / 10)];
        const box = { x: left + 8 + column * cell, y: top + 8 + row * cell, width: cell, height: cell };
        if (dark) paintBox(raster, box, [40, 40, 42]);
      });
      for (let y = top + 12; y < top + height - 10; y += 14) {
        paintLine(raster, [left + height + 2, y], [left + width - 12, y], 4, [96, 96, 96], 0.8);
      }
    },
  };
}

export function paintDesignator(raster: Raster, text: string, x: number, y: number): void {
  paintText(raster, text, x, y, 1.6, SILK, 0.8);
}
