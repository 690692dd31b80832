/** The camera over the fixture: the board lies somewhere, somewhat turned; lamps are uneven; the sensor is noisy. */
import { type Random } from './random.js';
import { type Raster, createRaster, roundedBox } from './raster.js';

export interface Pose {
  /** Centre of the board in the picture, px. */
  readonly x: number;
  readonly y: number;
  /** Clockwise as seen in the picture. */
  readonly tiltDeg: number;
}

export interface Light {
  /** 1 is the exposure that the station was set up with. */
  readonly gain: number;
  /** Relative change of brightness from the centre to the right and to the lower edge. */
  readonly gradient: readonly [right: number, down: number];
  /** Relative loss from the centre to the corners. */
  readonly vignette: number;
}

const CORNER_RADIUS = 16;

/** Lays `board` upon `scene` (changed in place), with a soft shadow. Bilinear, so edges stay smooth at any angle. */
export function layDown(scene: Raster, board: Raster, pose: Pose): void {
  const tilt = (pose.tiltDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const [halfWidth, halfHeight] = [board.width / 2, board.height / 2];
  const edge = roundedBox({ x: 0, y: 0, width: board.width, height: board.height }, CORNER_RADIUS);
  const reachX = halfWidth * cos + halfHeight * Math.abs(sin) + 24;
  const reachY = halfHeight * cos + halfWidth * Math.abs(sin) + 24;
  const [from, to] = [Math.max(0, Math.floor(pose.x - reachX)), Math.min(scene.width, Math.ceil(pose.x + reachX))];
  const [top, bottom] = [Math.max(0, Math.floor(pose.y - reachY)), Math.min(scene.height, Math.ceil(pose.y + reachY))];
  const rowBytes = board.width * 3;

  for (let y = top; y < bottom; y++) {
    for (let x = from; x < to; x++) {
      const u = cos * (x - pose.x) + sin * (y - pose.y) + halfWidth;
      const v = cos * (y - pose.y) - sin * (x - pose.x) + halfHeight;
      const inside = u > 20 && v > 20 && u < board.width - 20 && v < board.height - 20;
      const cover = inside ? 1 : Math.min(1, Math.max(0, 0.5 - edge(u, v)));
      const at = (y * scene.width + x) * 3;
      if (cover < 1) {
        const shadow = 1 - 0.4 * Math.min(1, Math.max(0, 0.5 - edge(u - 7, v - 9) / 14));
        for (let channel = 0; channel < 3; channel++) scene.data[at + channel]! *= shadow;
        if (cover === 0) continue;
      }
      const column = Math.min(board.width - 2, Math.max(0, Math.floor(u - 0.5)));
      const row = Math.min(board.height - 2, Math.max(0, Math.floor(v - 0.5)));
      const fx = Math.min(1, Math.max(0, u - 0.5 - column));
      const fy = Math.min(1, Math.max(0, v - 0.5 - row));
      const source = row * rowBytes + column * 3;
      for (let channel = 0; channel < 3; channel++) {
        const corner = source + channel;
        const upper = board.data[corner]! * (1 - fx) + board.data[corner + 3]! * fx;
        const lower = board.data[corner + rowBytes]! * (1 - fx) + board.data[corner + rowBytes + 3]! * fx;
        const value = upper + (lower - upper) * fy;
        scene.data[at + channel]! += (value - scene.data[at + channel]!) * cover;
      }
    }
  }
}

/** A brushed aluminium fixture plate with locating pins and slots. */
export function fixturePlate(width: number, height: number, random: Random): Raster {
  const plate = createRaster(width, height);
  const level = random.between(118, 134);
  const streaks = Float32Array.from({ length: 4096 }, () => random.between(-4, 4));
  for (let y = 0; y < height; y++) {
    const row = level + streaks[(y * 7) & 4095]! * 0.6 + streaks[(y * 3 + 99) & 4095]! * 0.4;
    const shift = random.integer(0, 4095);
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const value = row + streaks[((x >> 5) + shift) & 4095]! * 0.5;
      plate.data[at] = value;
      plate.data[at + 1] = value + 1;
      plate.data[at + 2] = value + 4;
    }
  }
  return plate;
}

/** Lights the scene and exposes it, in place. `noise` is the deviation of the sensor's noise in grey levels. */
export function expose({ width, height, data }: Raster, light: Light, noise: number, random: Random): void {
  const grain = Float32Array.from({ length: 1 << 16 }, () => random.normal() * noise);
  const column = Float32Array.from({ length: width }, (_, x) => {
    const across = (2 * x) / width - 1;
    return light.gradient[0] * across - (light.vignette / 2) * across * across;
  });
  for (let y = 0; y < height; y++) {
    const down = (2 * y) / height - 1;
    const row = 1 + light.gradient[1] * down - (light.vignette / 2) * down * down;
    const start = random.integer(0, 0xffff);
    for (let x = 0, at = y * width * 3; x < width; x++, at += 3) {
      const factor = light.gain * (row + column[x]!);
      const speck = grain[(start + x) & 0xffff]!;
      data[at] = data[at]! * factor + speck;
      data[at + 1] = data[at + 1]! * factor + speck;
      data[at + 2] = data[at + 2]! * factor + speck;
    }
  }
}
