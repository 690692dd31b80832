import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipBytes } from '../../package/support/zip-bytes.js';
import type { ZipEntry } from '../../package/support/zip-bytes.js';
import { scratchFolder } from './folders.js';

const fixture = (path: string): Buffer => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url));

/** The Python SDK's wheel, built from the sources as they are. */
export const SDK_WHEEL = ((): { readonly file: string; readonly bytes: Buffer } => {
  const script = fileURLToPath(new URL('../../../sdk/python/build_wheel.py', import.meta.url));
  const path = execFileSync('python3', [script, '--out', scratchFolder()], { encoding: 'utf8' }).trim();
  return { file: basename(path), bytes: readFileSync(path) };
})();
const SDK_VERSION = SDK_WHEEL.file.split('-')[1] ?? '';

export interface Recipe {
  readonly name: string;
  readonly version?: string;
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly requirements?: string;
  /** Further files, or other content for those there are; null leaves one out. */
  readonly files?: Readonly<Record<string, string | Buffer | null>>;
  readonly wheels?: Readonly<Record<string, Buffer>>;
  /** Entries as no honest tool writes them. */
  readonly entries?: readonly ZipEntry[];
}

const STEPS = [
  { index: 1, name: 'look', params: [{ key: 'do', type: 'string', default: 'OK' }] },
  { index: 2, name: 'judge', params: [{ key: 'do', type: 'string', default: 'OK' }] },
];

/** The files of a sound package, but for what the recipe says. */
function filesOf(
  recipe: Recipe,
  own: Readonly<Record<string, string | Buffer>>,
  manifest: object,
): Map<string, string | Buffer> {
  const { name, version = '1.0.0', requirements = `procvision_algorithm_sdk==${SDK_VERSION}\n` } = recipe;
  const { wheels = { [SDK_WHEEL.file]: SDK_WHEEL.bytes } } = recipe;
  const files = new Map<string, string | Buffer>([
    [
      'manifest.json',
      JSON.stringify({ name, version, supported_pids: ['A01'], steps: STEPS, ...manifest, ...recipe.manifest }),
    ],
    ['requirements.txt', requirements],
    ...Object.entries(own),
    ...Object.entries(wheels).map(([file, bytes]) => [`wheels/${file}`, bytes] as const),
  ]);
  for (const [path, content] of Object.entries(recipe.files ?? {}))
    if (content === null) files.delete(path);
    else files.set(path, content);
  return files;
}

function zipOf(recipe: Recipe, own: Readonly<Record<string, string | Buffer>>, manifest: object): Buffer {
  const files = [...filesOf(recipe, own, manifest)].map(([name, data]): ZipEntry => ({ name, data }));
  return zipBytes([...files, ...(recipe.entries ?? [])]);
}

/** A package of the SDK algorithm test/fixtures/packages/eyes.py. */
export const eyesZip = (recipe: Recipe): string =>
  written(recipe, zipOf(recipe, { 'eyes.py': fixture('packages/eyes.py') }, { entry_point: 'eyes:Eyes' }));

/** A package without the SDK: test/fixtures/packages/rogue.py, or a program of test/fixtures/programs in its place. */
export function rogueZip(recipe: Recipe, program?: string): string {
  const source = fixture(program === undefined ? 'packages/rogue.py' : `programs/${program}.py`);
  const own = { 'rogue.py': source, 'wire.py': fixture('programs/wire.py') };
  return written(recipe, zipOf({ requirements: '', ...recipe }, own, { entry_point: 'rogue.py' }));
}

/** A package without the SDK whose calls follow orders: test/fixtures/packages/station.py. */
export function stationZip(recipe: Partial<Recipe> = {}): string {
  const own = { 'station.py': fixture('packages/station.py'), 'wire.py': fixture('programs/wire.py') };
  const whole = { name: 'station', requirements: '', ...recipe };
  return written(whole, zipOf(whole, own, { entry_point: 'station.py' }));
}

/** Any bytes as a zip file. */
export const fileOf = (bytes: Buffer | string, name = 'package.zip'): string => {
  const path = join(scratchFolder(), name);
  writeFileSync(path, bytes);
  return path;
};

const written = ({ name, version = '1.0.0' }: Recipe, bytes: Buffer): string =>
  fileOf(bytes, `${name}-v${version}-offline.zip`);
