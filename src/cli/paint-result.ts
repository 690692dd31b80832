import type { Colors } from './colors.js';
import type { Cell } from './table.js';

/** A check's result in the colour of its weight. */
export function paintResult(result: 'passed' | 'warning' | 'failed' | 'skipped', colors: Colors): Cell {
  switch (result) {
    case 'passed':
      return [result, colors.green];
    case 'warning':
      return [result, colors.yellow];
    case 'failed':
      return [result, colors.red];
    case 'skipped':
      return [result, colors.dim];
  }
}
