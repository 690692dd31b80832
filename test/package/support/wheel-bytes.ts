import { createHash } from 'node:crypto';
import { zipBytes } from './zip-bytes.js';
import type { ZipEntry } from './zip-bytes.js';

/** A wheel to be made: sound by default, wrong in the way it is told to be. */
export interface WheelRecipe {
  readonly name: string;
  readonly version: string;
  readonly tag?: string;
  readonly requires?: readonly string[];
  readonly requiresPython?: string;
  /** Beside a module of the wheel's name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly metadata?: string;
  readonly wheelFile?: string;
  readonly entryPoints?: string;
  /** Instead of the true RECORD. */
  readonly record?: (lines: readonly string[]) => readonly string[];
  readonly leaveOut?: readonly string[];
  readonly entries?: readonly ZipEntry[];
}

export const wheelFile = ({ name, version, tag = 'py3-none-any' }: WheelRecipe): string =>
  `${name.replace(/[-.]+/g, '_')}-${version}-${tag}.whl`;

export function wheelBytes(recipe: WheelRecipe): Buffer {
  const { name, version, tag = 'py3-none-any' } = recipe;
  const module = name.replace(/[-.]+/g, '_');
  const info = `${module}-${version}.dist-info`;
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    ...(recipe.requiresPython === undefined ? [] : [`Requires-Python: ${recipe.requiresPython}`]),
    ...(recipe.requires ?? []).map((requirement) => `Requires-Dist: ${requirement}`),
    '',
    '',
  ].join('\n');
  const files: Record<string, string> = {
    [`${module}/__init__.py`]: `NAME = ${JSON.stringify(name)}\nVERSION = ${JSON.stringify(version)}\n`,
    ...recipe.files,
    [`${info}/METADATA`]: recipe.metadata ?? metadata,
    [`${info}/WHEEL`]: recipe.wheelFile ?? `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    ...(recipe.entryPoints === undefined ? {} : { [`${info}/entry_points.txt`]: recipe.entryPoints }),
  };
  const lines = [...Object.entries(files).map(([path, text]) => recordLine(path, text)), `${info}/RECORD,,`];
  files[`${info}/RECORD`] = `${(recipe.record?.(lines) ?? lines).join('\n')}\n`;
  const entries = Object.entries(files)
    .filter(([path]) => recipe.leaveOut?.some((ending) => path.endsWith(ending)) !== true)
    .map(([path, data]): ZipEntry => ({ name: path, data, deflate: true }));
  return zipBytes([...entries, ...(recipe.entries ?? [])]);
}

export function recordLine(path: string, text: string): string {
  const digest = createHash('sha256').update(text).digest('base64url');
  return `${path.includes(',') ? `"${path}"` : path},sha256=${digest},${Buffer.byteLength(text)}`;
}
