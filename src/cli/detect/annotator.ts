import { writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { drawRect, encodePng, toRgb } from '../../api/images.js';
import type { RawImage } from '../../api/images.js';
import type { Detection } from '../../api/results.js';
import { makeFolder } from '../make-folder.js';

const RED = [255, 32, 32] as const;
const GREEN = [32, 200, 64] as const;
const THICKNESS = 4;

/** Writes what a detection found into copies of its images. */
export class Annotator {
  readonly #folder: string;
  readonly #taken = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A PNG with positions framed in green and defects in red; its path. */
  async write(imagePath: string, image: RawImage, { steps }: Detection): Promise<string> {
    const calls = steps.flatMap(({ execute }) => (execute?.status === 'OK' ? [execute] : []));
    const copy = toRgb(image);
    for (const { positionRects } of calls) for (const rect of positionRects) drawRect(copy, rect, GREEN, THICKNESS);
    for (const { defectRects } of calls) for (const rect of defectRects) drawRect(copy, rect, RED, THICKNESS);
    await makeFolder(this.#folder);
    const file = join(this.#folder, this.#nameFor(imagePath));
    await writeFile(file, await encodePng(copy));
    return file;
  }

  /** Images of one name may come from several folders, and the folder may be their own. */
  #nameFor(imagePath: string): string {
    const stem = `${basename(imagePath, extname(imagePath))}-annotated`;
    let name = `${stem}.png`;
    for (let n = 2; this.#taken.has(name); n += 1) name = `${stem}-${n}.png`;
    this.#taken.add(name);
    return name;
  }
}
