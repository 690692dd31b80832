import { wheelBytes, wheelFile } from './wheel-bytes.js';
import type { WheelRecipe } from './wheel-bytes.js';
import { zipBytes } from './zip-bytes.js';
import type { ZipEntry } from './zip-bytes.js';

export const SDK_RECIPE: WheelRecipe = {
  name: 'procvision_algorithm_sdk',
  version: '0.1.0',
  requiresPython: '>=3.6',
};

export const MANIFEST = {
  name: 'screw-check',
  version: '1.0.0',
  entry_point: 'screw_check.main:ScrewCheck',
  supported_pids: ['A01', 'A02'],
  steps: [{ index: 1, name: 'locate' }],
};

/** An offline package to be made; the smallest sound one by default. */
export interface PackageRecipe {
  readonly manifest?: object | string;
  readonly requirements?: string;
  readonly wheels?: readonly WheelRecipe[];
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** A top folder, `wheels/` inside or beside it. */
  readonly top?: { readonly folder: string; readonly wheels: 'inside' | 'beside' };
  readonly environment?: object;
  readonly entries?: readonly ZipEntry[];
}

export function packageBytes(recipe: PackageRecipe = {}): Buffer {
  const { manifest = MANIFEST, wheels = [SDK_RECIPE], top } = recipe;
  const root = top === undefined ? '' : `${top.folder}/`;
  const wheelRoot = top?.wheels === 'inside' ? root : '';
  const files: Record<string, string | Buffer> = {
    'manifest.json': typeof manifest === 'string' ? manifest : JSON.stringify(manifest, null, 2),
    'requirements.txt': recipe.requirements ?? 'procvision_algorithm_sdk==0.1.0\n',
    'screw_check/__init__.py': '',
    'screw_check/main.py': 'class ScrewCheck: ...\n',
    ...(recipe.environment === undefined ? {} : { '.procvision_env.json': JSON.stringify(recipe.environment) }),
    ...recipe.files,
  };
  return zipBytes([
    ...Object.entries(files).map(([path, data]): ZipEntry => ({ name: root + path, data, deflate: true })),
    ...wheels.map((wheel): ZipEntry => ({ name: `${wheelRoot}wheels/${wheelFile(wheel)}`, data: wheelBytes(wheel) })),
    ...(recipe.entries ?? []),
  ]);
}
