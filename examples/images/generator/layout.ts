/** What a product looks like: the same files that the algorithm carries as its assets. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ScrewPlace {
  readonly name: string;
  readonly x_mm: number;
  readonly y_mm: number;
}

export interface BoardLayout {
  readonly product: string;
  readonly board: { readonly width_mm: number; readonly height_mm: number };
  readonly mask_margin_mm: number;
  readonly px_per_mm: number;
  readonly head_diameter_mm: number;
  readonly hole_diameter_mm: number;
  readonly pad_diameter_mm: number;
  readonly screws: readonly ScrewPlace[];
}

/** Reads `assets/<pid>_layout.json` of the screw-check project in `projectFolder`. */
export function readLayout(projectFolder: string, pid: string): BoardLayout {
  return JSON.parse(readFileSync(join(projectFolder, 'assets', `${pid}_layout.json`), 'utf8')) as BoardLayout;
}
