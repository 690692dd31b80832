import { RunnerError } from '../../base/errors/index.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import type { EntryPoint, Manifest } from '../manifest/manifest.js';
import { MANIFEST_BYTES_MAX } from '../manifest/parse-manifest.js';
import { readUntrustedManifest } from '../manifest/read-untrusted-manifest.js';
import { REQUIREMENTS_BYTES_MAX, readRequirementsFile } from '../requirements/parse-requirements.js';
import type { Requirement } from '../requirements/parse-requirements.js';
import type { Wheel } from '../wheels/inspect-wheel.js';
import { findModule } from './find-module.js';
import type { PackageSource } from './package-source.js';
import type { Finding } from './report.js';

/** The checks that are the same for a zip and for a project folder; each throws a RunnerError where it fails. */

export async function checkManifest(source: PackageSource): Promise<Finding<Manifest>> {
  if (!source.files.has(PACKAGE_FILES.manifest)) {
    throw new RunnerError('manifest_missing', 'There is no manifest.json.');
  }
  const bytes = await source.read(PACKAGE_FILES.manifest, MANIFEST_BYTES_MAX);
  const { manifest, warnings } = await readUntrustedManifest(bytes, { owner: source.subject });
  return {
    value: manifest,
    message: [
      `${manifest.name} ${manifest.version}`,
      manifest.steps.length === 0 ? 'steps from get_info()' : count(manifest.steps.length, 'step'),
      count(manifest.supportedPids.length, 'PID'),
    ].join(', '),
    warnings: warnings.map(({ pointer, message }) => `${pointer} ${message}`),
  };
}

export async function checkRequirements(source: PackageSource): Promise<Finding<readonly Requirement[]>> {
  if (!source.files.has(PACKAGE_FILES.requirements)) {
    throw new RunnerError('invalid_zip', 'There is no requirements.txt.', {
      hint: 'Write one, empty if nothing is needed, or package with --auto-freeze.',
      details: { check: 'requirements' },
    });
  }
  const bytes = await source.read(PACKAGE_FILES.requirements, REQUIREMENTS_BYTES_MAX);
  const { requirements, warnings } = readRequirementsFile(bytes);
  return { value: requirements, message: `${count(requirements.length, 'pinned requirement')}`, warnings };
}

/** The module the entry point names must be in the package, or at the top of one of its wheels. */
export function checkEntryPoint(
  { entryPoint }: Manifest,
  source: PackageSource,
  wheels: readonly Wheel[],
): Finding<null> {
  const found = whereIs(entryPoint, source, wheels);
  if (found !== undefined) return { value: null, message: `${entryPoint.text} is ${found}` };
  const hint =
    entryPoint.kind === 'file'
      ? undefined
      : (elsewhere(entryPoint.module, source) ?? dottedClass(entryPoint.module, source));
  const name = entryPoint.kind === 'file' ? entryPoint.path : entryPoint.module;
  throw new RunnerError(
    'invalid_zip',
    `The entry point ${entryPoint.text} names ${name}, which is not in the package.`,
    {
      hint: hint ?? 'Compare entry_point in manifest.json with the folders of the package.',
      details: { check: 'entry_point', entryPoint: entryPoint.text },
    },
  );
}

/** Where the entry point lies among the package's own files. */
export const ownEntryFile = ({ entryPoint }: Manifest, source: PackageSource): string | undefined =>
  whereIs(entryPoint, source, []);

function whereIs(entryPoint: EntryPoint, source: PackageSource, wheels: readonly Wheel[]): string | undefined {
  if (entryPoint.kind === 'file') return source.files.has(entryPoint.path) ? entryPoint.path : undefined;
  const runsItself = entryPoint.kind === 'module';
  const own = findModule(entryPoint.module, source.files, runsItself);
  if (own !== undefined) return own;
  const wheel = wheels.find(({ files }) => findModule(entryPoint.module, new Set(files), runsItself) !== undefined);
  return wheel === undefined ? undefined : `in ${wheel.file}`;
}

/** A source folder is not on Python's path: the entry has to name it. */
function elsewhere(module: string, { files }: PackageSource): string | undefined {
  const below = new Set([...files].flatMap((path) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])));
  const folder = [...below].find((name) => findModule(`${name}.${module}`, files, false) !== undefined);
  return folder === undefined ? undefined : `It is in ${folder}/: write the entry point as "${folder}.${module}…".`;
}

/** `module.Class`, where the class stands behind a colon. */
function dottedClass(text: string, { files }: PackageSource): string | undefined {
  const end = text.lastIndexOf('.');
  const module = text.slice(0, Math.max(0, end));
  if (module === '' || findModule(module, files, false) === undefined) return undefined;
  return `If ${text.slice(end + 1)} is a class in ${module}, write the entry point as "${module}:${text.slice(end + 1)}".`;
}

export function checkAssets({ requiredAssets, defaultConfig }: Manifest, { files }: PackageSource): Finding<null> {
  const wanted = [
    ...Object.entries(requiredAssets).flatMap(([pid, kinds]) =>
      Object.entries(kinds).map(([kind, path]) => ({ path, what: `required_assets ${kind} of ${pid}` })),
    ),
    ...Object.entries(defaultConfig).map(([kind, path]) => ({ path, what: `default_config ${kind}` })),
  ];
  const present = (path: string): boolean => files.has(path) || [...files].some((file) => file.startsWith(`${path}/`));
  const missing = wanted.filter(({ path }) => !present(path));
  if (missing.length === 0) return { value: null, message: wanted.length === 0 ? 'none named' : 'all there' };
  const told = missing.slice(0, 5).map(({ path, what }) => `${path} (${what})`);
  throw new RunnerError('invalid_zip', `The manifest names files the package does not have: ${told.join(', ')}.`, {
    hint: 'Add the files, or take their lines out of manifest.json.',
    details: { check: 'assets', missing: missing.map(({ path }) => path) },
  });
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
