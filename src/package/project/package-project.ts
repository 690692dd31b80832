import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { LIMIT_CHECKS } from '../archive/hints.js';
import { DEFAULT_ARCHIVE_LIMITS } from '../archive/limits.js';
import type { ArchiveLimits } from '../archive/limits.js';
import { discoverInterpreters } from '../interpreter/discover.js';
import { ENVIRONMENT_FILE } from '../interpreter/environment-need.js';
import type { EnvironmentNeed } from '../interpreter/environment-need.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import type { Manifest } from '../manifest/manifest.js';
import { validateProject } from '../validation/validate-project.js';
import { validatePackage } from '../validation/validate-package.js';
import { sha256File } from '../wheels/hash-file.js';
import { parseWheelName } from '../wheels/wheel-name.js';
import { collectFiles, leftOutWarnings } from './collect-files.js';
import type { LeftOut } from './collect-files.js';
import { environmentFile, readTarget } from './environment-file.js';
import { gatherWheels } from './gather-wheels.js';
import type { PackageOptions } from './package-options.js';
import { readRequirements, withSdk } from './project-requirements.js';
import { readManifest } from './read-manifest.js';
import { sdkFor } from './sdk-plan.js';
import { writeZip } from './write-zip.js';
import type { ZipItem } from './write-zip.js';

export interface PackagedProject {
  readonly zip: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Paths inside the zip. */
  readonly files: readonly string[];
  /** Bytes of each of them, unpacked. */
  readonly sizes: Readonly<Record<string, number>>;
  /** What the project holds and the package does not, and why. */
  readonly leftOut: readonly LeftOut[];
  readonly warnings: readonly string[];
}

/**
 * Builds the offline zip of a source project, the same bytes every time for the same content. The finished zip passes
 * every static check that does not depend on a machine before it appears under its name.
 *
 * @throws RunnerError manifest_missing, invalid_zip, wheels_missing, install_failed
 */
export async function packageProject(project: string, options: PackageOptions = {}): Promise<PackagedProject> {
  const scratch = await mkdtemp(join(tmpdir(), 'procvision-package-'));
  try {
    return await build(resolve(project), options, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function build(project: string, options: PackageOptions, scratch: string): Promise<PackagedProject> {
  const { bytes: manifestBytes, manifest } = await readManifest(project, options.version);
  const python = once(async () => options.python ?? (await installerOf()));
  const listed = await readRequirements({
    project,
    python,
    ...(options.requirements === undefined ? {} : { requirements: options.requirements }),
    ...(options.autoFreeze === undefined ? {} : { autoFreeze: options.autoFreeze }),
  });
  const sdk = sdkFor(manifest, listed.requirements, options.sdkWheel);
  const target = { ...(await readTarget(project)), ...targetOf(options) };
  const wheels = await gatherWheels({
    project,
    options,
    scratch,
    python,
    target,
    sdk,
    requirements: listed.requirements,
    pipOptions: listed.options,
  });
  await mustParse(project, options);
  const zip = await outputOf(options.output, manifest);
  const { files, leftOut } = await collectFiles(project, zip);

  const generated: ReadonlyMap<string, Buffer | undefined> = new Map([
    [PACKAGE_FILES.manifest, manifestBytes],
    [PACKAGE_FILES.requirements, Buffer.from(sdk.isAdded ? withSdk(listed.text, sdk.version) : listed.text)],
    [
      ENVIRONMENT_FILE,
      environmentFile(
        target,
        [...wheels.keys()].flatMap((file) => parseWheelName(file) ?? []),
      ),
    ],
  ]);
  const items: ZipItem[] = [
    ...files
      .filter(({ path }) => !generated.has(path) && !path.startsWith(`${PACKAGE_FILES.wheels}/`))
      .map(({ path, executable }) => ({ path, executable, content: { file: join(project, path) } })),
    ...[...generated].flatMap(([path, bytes]) => (bytes === undefined ? [] : [{ path, content: { bytes } }])),
    ...[...wheels].map(([name, file]) => ({
      path: `${PACKAGE_FILES.wheels}/${name}`,
      packed: true,
      content: { file },
    })),
  ];
  const limits = await writeZip(zip, items, (path) => mustBeValid(path, leftOut));
  return {
    zip,
    sha256: await sha256File(zip),
    bytes: (await stat(zip)).size,
    files: items.map(({ path }) => path).sort(),
    sizes: await sizesOf(items),
    leftOut,
    warnings: [...listed.warnings, ...sdk.warnings, ...leftOutWarnings(leftOut), ...limits],
  };
}

function targetOf({ pythonVersion, implementation, abi, wheelsPlatform: platform }: PackageOptions): EnvironmentNeed {
  return Object.fromEntries(
    Object.entries({ pythonVersion, implementation, abi, platform }).filter(([, value]) => value !== undefined),
  );
}

async function outputOf(output: string | undefined, { name, version }: Manifest): Promise<string> {
  const advised = `${name}-v${version}-offline.zip`;
  const path = resolve(output ?? '.');
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isFolder ? join(path, advised) : path;
}

async function installerOf(): Promise<string> {
  const found = (await discoverInterpreters()).find(({ canInstall }) => canInstall);
  if (found !== undefined) return found.executable;
  throw new RunnerError('host_unfit', 'There is no Python with pip to fetch wheels with.', {
    hint: 'Install pip (Debian: apt install python3-pip), or put the wheels into wheels/ and use --skip-download.',
  });
}

/** A mistake that its first start would find is found before anybody carries the package to a host. */
async function mustParse(project: string, { python, pythonVersion, signal }: PackageOptions): Promise<void> {
  const asked = { ...(signal === undefined ? {} : { signal }) };
  const interpreters = await discoverInterpreters({
    ...asked,
    ...(python === undefined ? {} : { candidates: [python] }),
  });
  const target = pythonVersion === undefined ? {} : { pythonVersion };
  const { checks, fault } = await validateProject(project, { interpreters, ...asked, ...target });
  const entry = checks.find(({ name }) => name === 'entry_point');
  if (entry?.result === 'failed' && fault?.details?.['check'] === 'sources') throw RunnerError.from(fault);
}

/**
 * What is only too large for a host that has no other limits than the default ones is packaged, and told.
 *
 * @returns warnings
 */
async function mustBeValid(zip: string, leftOut: readonly LeftOut[]): Promise<readonly string[]> {
  const { report } = await validatePackage(zip);
  if (report.fault === undefined) return [];
  const isLimit = LIMIT_CHECKS.includes(String(report.fault.details?.['check']));
  const without = isLimit ? (await validatePackage(zip, { limits: NO_LIMITS })).report : report;
  if (without.fault !== undefined) throw explained(RunnerError.from(without.fault), leftOut);
  return [`a host accepts this package only with larger packageLimits: ${report.fault.message}`];
}

const NO_LIMITS = Object.fromEntries(
  Object.keys(DEFAULT_ARCHIVE_LIMITS).map((limit) => [limit, Number.MAX_SAFE_INTEGER]),
) as unknown as ArchiveLimits;

/** A file the manifest names and the package lacks may be one that was left out. */
function explained(error: RunnerError, leftOut: readonly LeftOut[]): RunnerError {
  const missing = error.details['missing'];
  const out = leftOut.filter(
    ({ path }) => Array.isArray(missing) && missing.some((file: string) => file.startsWith(path)),
  );
  const [first] = out;
  if (first === undefined) return error;
  const hint =
    first.why === 'not a plain file'
      ? `${first.path} is a link or no plain file: put the file itself in its place.`
      : `${first.path} was left out of the package (${first.why}); a line "!${first.path}" in .procvisionignore takes it in.`;
  return new RunnerError(error.faultName, error.message, { hint, details: error.details, cause: error });
}

async function sizesOf(items: readonly ZipItem[]): Promise<Record<string, number>> {
  const sizes: [string, number][] = [];
  for (const { path, content } of items)
    sizes.push([path, 'bytes' in content ? content.bytes.length : (await stat(content.file)).size]);
  return Object.fromEntries(sizes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function once<T>(get: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= get());
}
