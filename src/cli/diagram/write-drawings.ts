import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DiagramFormat } from '../../api/diagrams.js';
import { usage } from '../failure.js';
import { isFolder, makeFolder } from '../make-folder.js';
import type { Drawing } from './drawings.js';

const ENDINGS: Readonly<Record<DiagramFormat, string>> = { mermaid: 'mmd', svg: 'svg', json: 'json', dot: 'dot' };

/**
 * Writes one drawing to a file, or into a folder under its name; several always into a folder, which is made.
 *
 * @returns absolute paths, in the order of the drawings
 * @throws RunnerError invalid_usage when the place cannot be written
 */
export async function writeDrawings(
  drawings: readonly Drawing[],
  format: DiagramFormat,
  output: string,
): Promise<readonly string[]> {
  const [only] = drawings;
  const intoFolder = drawings.length > 1 || output.endsWith('/') || (await isFolder(output));
  const files = drawings.map((drawing) => ({
    path: resolve(intoFolder ? join(output, `${drawing.name}.${ENDINGS[format]}`) : output),
    text: drawing.text,
  }));
  if (only === undefined) return [];
  try {
    for (const { path, text } of files) {
      await makeFolder(dirname(path));
      await writeFile(path, text);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usage(`${output} cannot be written: ${why}.`, 'Name another file or folder with --output.');
  }
  return files.map(({ path }) => path);
}
